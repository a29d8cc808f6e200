package io.rolehost.node.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * In which order roles start and stop. Those that know nothing of each other go at the same time.
 *
 * @param dependsOn for each role those that are ready before it starts and end after it; without a
 *     circle
 */
public record RoleOrder(Map<String, List<String>> dependsOn) {

  /** Takes a copy of the map. */
  public RoleOrder {
    dependsOn = Map.copyOf(dependsOn);
  }

  /** Returns the roles that {@code role} still waits for before it can start. */
  public List<String> waitsFor(String role, Predicate<String> isReady) {
    List<String> waits = new ArrayList<>();
    for (String other : of(role)) {
      if (!isReady.test(other)) {
        waits.add(other);
      }
    }
    return waits;
  }

  /** Returns roles in an order in which each comes behind those it depends on; else as given. */
  public List<String> sorted(List<String> roles) {
    Set<String> sorted = new LinkedHashSet<>();
    roles.forEach(role -> visit(role, new HashSet<>(), sorted));
    sorted.retainAll(roles);
    return List.copyOf(sorted);
  }

  private void visit(String role, Set<String> path, Set<String> sorted) {
    if (path.add(role) && !sorted.contains(role)) {
      of(role).forEach(other -> visit(other, path, sorted));
      sorted.add(role);
    }
  }

  /** Returns the roles that wait for themselves, over however many steps; none = no circle. */
  public List<String> circle() {
    return dependsOn.keySet().stream()
        .filter(role -> allBefore(role).contains(role))
        .sorted()
        .toList();
  }

  /** Returns whether {@code role} waits, over however many steps, for one that is given up. */
  public boolean isHopeless(String role, Predicate<String> isGivenUp) {
    return allBefore(role).stream().anyMatch(isGivenUp);
  }

  /** Returns whether {@code role} can be told to end: nothing that needs it has a process left. */
  public boolean mayStop(String role, Predicate<String> isLive) {
    for (String other : dependsOn.keySet()) {
      if (isLive.test(other) && allBefore(other).contains(role)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the longest time that roles take which go one after another.
   *
   * @param times of each role alone
   */
  public Duration longestPath(Map<String, Duration> times) {
    Map<String, Duration> known = new HashMap<>();
    Duration longest = Duration.ZERO;
    for (String role : dependsOn.keySet()) {
      longest = max(longest, pathTo(role, times, known));
    }
    return longest;
  }

  private Duration pathTo(String role, Map<String, Duration> times, Map<String, Duration> known) {
    Duration found = known.get(role);
    if (found != null) {
      return found;
    }
    Duration before = Duration.ZERO;
    for (String other : of(role)) {
      before = max(before, pathTo(other, times, known));
    }
    Duration path = before.plus(times.getOrDefault(role, Duration.ZERO));
    known.put(role, path);
    return path;
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? b : a;
  }

  private Set<String> allBefore(String role) {
    Set<String> found = new LinkedHashSet<>();
    List<String> open = new ArrayList<>(of(role));
    while (!open.isEmpty()) {
      String next = open.removeLast();
      if (found.add(next)) {
        open.addAll(of(next));
      }
    }
    return found;
  }

  private List<String> of(String role) {
    return dependsOn.getOrDefault(role, List.of());
  }
}
