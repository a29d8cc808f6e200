package io.rolehost.node.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Instances of one role that are renewed before any of the next wave is: an update domain, or what
 * is down anyway.
 *
 * @param atMost how many instances of the role may be down at once, those counted that are down for
 *     another reason; 1 or more
 */
public record Wave(String role, int atMost, List<String> instances) {

  /** Takes a copy of the list. */
  public Wave {
    if (atMost < 1) {
      throw new IllegalArgumentException(
          "at most " + atMost + " down: then nothing can be renewed");
    }
    instances = List.copyOf(instances);
  }

  /** One instance to be renewed: its number in its role, and whether it is down already. */
  public record Member(String instance, int number, boolean down) {}

  /**
   * Returns the waves of one role: first what is down, which costs nothing, then one update domain
   * after another. Instance n is in domain n modulo {@code domains}.
   */
  public static List<Wave> of(String role, int domains, int atMost, List<Member> members) {
    Map<Integer, List<String>> byDomain = new TreeMap<>();
    for (Member member : members) {
      int domain = member.down() ? -1 : member.number() % domains;
      byDomain.computeIfAbsent(domain, _ -> new ArrayList<>()).add(member.instance());
    }
    return byDomain.values().stream().map(ids -> new Wave(role, atMost, ids)).toList();
  }
}
