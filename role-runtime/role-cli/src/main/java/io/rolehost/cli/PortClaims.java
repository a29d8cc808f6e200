package io.rolehost.cli;

import io.rolehost.node.solution.NodeSettings;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.Solution;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ports that a node wants whenever it runs: those that are the same at each start. Pure.
 *
 * @param node which one, for people
 * @param ports what each is for
 */
record PortClaims(String node, Map<Integer, Use> ports) {

  /** Takes a copy. */
  PortClaims {
    ports = Map.copyOf(ports);
  }

  /**
   * What a port is for.
   *
   * @param what for people
   * @param key where another one is set
   */
  record Use(String what, String key) {}

  static PortClaims of(String node, Solution solution) {
    Map<Integer, Use> ports = new TreeMap<>();
    NodeSettings.Management management = solution.node().management();
    if (management.port() > 0 && !management.portSearch()) {
      ports.put(management.port(), new Use("its management plane", "rolehost.management.port"));
    }
    for (RoleSpec role : solution.roles()) {
      role.endpoints()
          .forEach((name, endpoint) -> {
            for (int n = 0; n < role.instances() && endpoint.port() > 0; n++) {
              ports.putIfAbsent(
                  endpoint.portOf(n),
                  new Use(
                      "endpoint " + name + " of " + role.instanceId(n),
                      "roles." + role.name() + ".endpoints." + name + ".port"));
            }
          });
    }
    return new PortClaims(node, ports);
  }

  /** Returns what is wrong beside other nodes of the machine, or that nothing is. */
  List<Finding> beside(List<PortClaims> others) {
    List<Finding> clashes = new ArrayList<>();
    for (PortClaims other : others) {
      new TreeMap<>(ports)
          .forEach((port, use) -> {
            Use its = other.ports.get(port);
            if (its != null) {
              clashes.add(
                  Finding.fail(
                      "port " + port,
                      "two nodes want it: this one for "
                          + use.what()
                          + ", and "
                          + other.node
                          + " for "
                          + its.what(),
                      "Only one of them can run: set "
                          + use.key()
                          + " of this one, or "
                          + its.key()
                          + " of the other"));
            }
          });
    }
    if (!clashes.isEmpty() || others.isEmpty()) {
      return clashes;
    }
    return List.of(
        Finding.ok(
            "other nodes",
            "want none of the ports of this one: "
                + String.join(", ", others.stream().map(PortClaims::node).toList())));
  }
}
