package io.rolehost.node.solution;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The roles that a node runs, and how the node itself is set.
 *
 * @param file where it was read from; empty for a single jar given on the command line
 * @param roles in the order of the file
 */
public record Solution(Optional<Path> file, NodeSettings node, List<RoleSpec> roles) {

  /** Takes a copy of the list. */
  public Solution {
    roles = List.copyOf(roles);
  }
}
