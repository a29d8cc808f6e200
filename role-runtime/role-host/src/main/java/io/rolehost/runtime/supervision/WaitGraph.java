package io.rolehost.runtime.supervision;

import io.rolehost.runtime.process.ThreadFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who waits for whom, and where that goes round in a circle. Pure. */
final class WaitGraph {

  /**
   * A thread that waits for a lock that another one has.
   *
   * @param lock named by class and identity hash
   * @param monitor whether it is one, and no lock of {@code java.util.concurrent}
   */
  record Wait(long waiter, long owner, String lock, boolean monitor) {}

  private WaitGraph() {}

  /** Returns the waits for monitors. A monitor that two threads seem to have leads nowhere. */
  static List<Wait> monitorWaits(List<ThreadFacts> threads) {
    Map<String, Long> owners = new HashMap<>();
    Set<String> unclear = new HashSet<>();
    for (ThreadFacts thread : threads) {
      for (String monitor : thread.owned()) {
        if (reallyOwned(thread, monitor) && owners.put(monitor, thread.id()) != null) {
          unclear.add(monitor);
        }
      }
    }
    List<Wait> waits = new ArrayList<>();
    for (ThreadFacts thread : threads) {
      thread
          .blockedOn()
          .filter(monitor -> !unclear.contains(monitor))
          .ifPresent(monitor -> {
            Long owner = owners.get(monitor);
            if (owner != null) {
              waits.add(new Wait(thread.id(), owner, monitor, true));
            }
          });
    }
    return waits;
  }

  /** A thread inside of {@code wait} has given the monitor back, though the dump lists it. */
  private static boolean reallyOwned(ThreadFacts thread, String monitor) {
    return !thread.waitingOn().filter(monitor::equals).isPresent()
        && !thread.blockedOn().filter(monitor::equals).isPresent();
  }

  /**
   * Returns the circles, each beginning with its smallest thread id. Of several waits of one thread
   * the first counts; a thread can only wait for one lock.
   */
  static List<List<Wait>> cycles(List<Wait> waits) {
    Map<Long, Wait> byWaiter = new LinkedHashMap<>();
    waits.forEach(wait -> byWaiter.putIfAbsent(wait.waiter(), wait));
    List<List<Wait>> cycles = new ArrayList<>();
    Set<Long> done = new HashSet<>();
    for (long start : byWaiter.keySet()) {
      List<Wait> path = new ArrayList<>();
      @Nullable Wait at = byWaiter.get(start);
      while (at != null && done.add(at.waiter())) {
        path.add(at);
        at = byWaiter.get(at.owner());
      }
      // A thread that seems to wait for itself got the lock between two looks.
      int begin = at == null ? -1 : path.indexOf(at);
      if (begin >= 0 && path.size() - begin > 1) {
        cycles.add(fromSmallest(path.subList(begin, path.size())));
      }
    }
    return cycles;
  }

  private static List<Wait> fromSmallest(List<Wait> cycle) {
    List<Wait> rotated = new ArrayList<>(cycle);
    int smallest = 0;
    for (int i = 1; i < rotated.size(); i++) {
      if (rotated.get(i).waiter() < rotated.get(smallest).waiter()) {
        smallest = i;
      }
    }
    Collections.rotate(rotated, -smallest);
    return rotated;
  }
}
