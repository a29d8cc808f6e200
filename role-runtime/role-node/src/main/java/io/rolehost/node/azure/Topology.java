package io.rolehost.node.azure;

import io.rolehost.node.azure.EnvironmentDocument.Instance;
import io.rolehost.node.azure.EnvironmentDocument.Listening;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.RoleSpec.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The roles of a deployment and where their instances are.
 *
 * @param members in the order of the solution
 */
public record Topology(List<Member> members) {

  /** Takes a copy. */
  public Topology {
    members = List.copyOf(members);
  }

  /**
   * An instance.
   *
   * @param ports by endpoint, of those that are known
   */
  public record Member(RoleSpec role, int number, Map<String, Integer> ports) {
    /** Takes a copy. */
    public Member {
      ports = Map.copyOf(ports);
    }

    /** Returns how others see it; an endpoint whose port is not known yet is left out. */
    public Instance instance() {
      Map<String, Listening> listening = new LinkedHashMap<>();
      role.endpoints()
          .forEach((name, endpoint) -> {
            int port = ports.getOrDefault(name, endpoint.portOf(number));
            if (port > 0) {
              listening.put(name, new Listening(endpoint.host(), port, endpoint.protocol()));
            }
          });
      return new Instance(role.instanceId(number), number % role.update().domains(), listening);
    }
  }

  /**
   * Returns what an instance sees: itself, and those of roles that have an internal endpoint. The
   * roles themselves are all there.
   */
  public Map<String, List<Instance>> seenBy(String id) {
    Map<String, List<Instance>> roles = new LinkedHashMap<>();
    for (Member member : members) {
      List<Instance> seen = roles.computeIfAbsent(member.role().name(), _ -> new ArrayList<>());
      boolean shown = member.role().endpoints().values().stream().anyMatch(Endpoint::internal);
      if (shown || member.role().instanceId(member.number()).equals(id)) {
        seen.add(member.instance());
      }
    }
    return roles;
  }
}
