package io.rolehost.node.solution;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The roles that a node runs, and how the node itself is set.
 *
 * @param file where it was read from; empty for a single jar given on the command line
 * @param roles in the order of the file
 * @param swap for the command that has two deployments change places
 */
public record Solution(
    Optional<Path> file, NodeSettings node, List<RoleSpec> roles, SwapSettings swap) {

  /** Takes a copy of the list. */
  public Solution {
    roles = List.copyOf(roles);
  }

  /** A solution that says nothing of swaps. */
  public Solution(Optional<Path> file, NodeSettings node, List<RoleSpec> roles) {
    this(file, node, roles, SwapSettings.NONE);
  }
}
