package io.rolehost.api;

import static java.util.Objects.requireNonNull;

/**
 * Who this process is. The id is stable over restarts; the incarnation counts them.
 *
 * @param deployment the name of the copy of the solution this instance belongs to
 * @param role the name of the role
 * @param id {@code <role>_IN_<n>}, or {@code <role>_IN_<host name>} where no number can be known
 * @param incarnation which start of the instance this is, from 1
 */
public record Instance(String deployment, String role, String id, long incarnation) {

  /** Checks that nothing is missing. */
  public Instance {
    requireNonNull(deployment, "deployment");
    requireNonNull(role, "role");
    requireNonNull(id, "id");
  }
}
