package io.rolehost.freeze;

/**
 * Who asks whether it is frozen.
 *
 * @param deployment the name of the deployment
 * @param role the name of the role
 * @param instanceId {@code <role>_IN_<n>}
 * @param build hash of what it runs; empty = not known, then no automatic freeze ends by it
 * @param config hash of its configuration; empty = not known, likewise
 */
public record Identity(
    String deployment, String role, String instanceId, String build, String config) {

  /** An identity whose hashes are not known. */
  public Identity(String deployment, String role, String instanceId) {
    this(deployment, role, instanceId, "", "");
  }
}
