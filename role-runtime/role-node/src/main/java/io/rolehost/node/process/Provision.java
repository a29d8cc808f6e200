package io.rolehost.node.process;

import java.util.List;
import java.util.Map;

/**
 * What an instance is given at a start, beside its program.
 *
 * @param ports by endpoint; of a role host those that are any free one are left out
 * @param jvmOptions before those of the solution, which win
 * @param environment below that of the solution, which wins
 * @param before words that come first
 * @param asUser words behind them, before the command
 */
record Provision(
    Map<String, Integer> ports,
    List<String> jvmOptions,
    Map<String, String> environment,
    List<String> before,
    List<String> asUser) {

  /** Takes copies. */
  Provision {
    ports = Map.copyOf(ports);
    jvmOptions = List.copyOf(jvmOptions);
    environment = Map.copyOf(environment);
    before = List.copyOf(before);
    asUser = List.copyOf(asUser);
  }
}
