package io.rolehost.node.solution;

import com.typesafe.config.ConfigOrigin;
import io.rolehost.runtime.config.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what is wrong between roles that are right each for itself: pure. */
final class SolutionCheck {
  private static final int MAX_PORT = 65_535;

  private final Map<String, RoleSpec> roles = new HashMap<>();
  private final Map<String, ConfigOrigin> origins;
  private final Problems problems;

  private SolutionCheck(
      List<RoleSpec> roles, Map<String, ConfigOrigin> origins, Problems problems) {
    roles.forEach(role -> this.roles.put(role.name(), role));
    this.origins = origins;
    this.problems = problems;
  }

  /**
   * Adds what is wrong to the problems.
   *
   * @param origins of all roles, also of those that could not be read
   * @param managementPort of the node; 0 = not known
   */
  static void check(
      List<RoleSpec> roles,
      Map<String, ConfigOrigin> origins,
      int managementPort,
      Problems problems) {
    SolutionCheck check = new SolutionCheck(roles, origins, problems);
    check.dependencies(roles);
    check.ports(roles, managementPort);
  }

  private void dependencies(List<RoleSpec> inOrder) {
    for (RoleSpec role : inOrder) {
      for (String other : role.dependsOn()) {
        if (!origins.containsKey(other)) {
          at(
              role,
              "depends-on of role '"
                  + role.name()
                  + "': there is no role '"
                  + other
                  + "'; the nearest is '"
                  + Nearest.of(other, origins.keySet())
                  + "'");
        }
      }
    }
    Set<String> done = new LinkedHashSet<>();
    for (RoleSpec role : inOrder) {
      walk(role, new ArrayList<>(), done);
    }
  }

  private void walk(RoleSpec role, List<String> path, Set<String> done) {
    int begin = path.indexOf(role.name());
    if (begin >= 0) {
      List<String> cycle = new ArrayList<>(path.subList(begin, path.size()));
      cycle.add(role.name());
      at(role, "roles wait for each other: " + String.join(" -> ", cycle));
      return;
    }
    if (!done.add(role.name())) {
      return;
    }
    path.add(role.name());
    for (String other : role.dependsOn()) {
      RoleSpec next = roles.get(other);
      if (next != null && (!done.contains(other) || path.contains(other))) {
        walk(next, path, done);
      }
    }
    path.removeLast();
  }

  private void ports(List<RoleSpec> inOrder, int ofNode) {
    Map<Integer, String> owners = new HashMap<>();
    if (ofNode > 0) {
      owners.put(ofNode, "rolehost.management.port of the node");
    }
    for (RoleSpec role : inOrder) {
      role.endpoints()
          .forEach((name, endpoint) -> {
            for (int n = 0; n < role.instances() && endpoint.port() > 0; n++) {
              int port = endpoint.portOf(n);
              String owner = "endpoint '" + name + "' of " + role.instanceId(n);
              if (port > MAX_PORT) {
                at(role, owner + " would have port " + port + ", and 65535 is the last");
                return;
              }
              String other = owners.putIfAbsent(port, owner);
              if (other != null) {
                at(
                    role,
                    owner
                        + " has port "
                        + port
                        + ", and so has "
                        + other
                        + ": instance n has port + n");
                return;
              }
            }
          });
    }
  }

  private void at(RoleSpec role, String sentence) {
    ConfigOrigin origin = origins.get(role.name());
    if (origin != null) {
      problems.at(origin, sentence);
    }
  }
}
