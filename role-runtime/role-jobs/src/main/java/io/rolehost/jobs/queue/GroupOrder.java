package io.rolehost.jobs.queue;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds out whether messages of a group overtake each other: each sender numbers what it sends to
 * groups, and no number may come after a higher one of the same group and sender. Forgets the
 * groups that were quiet longest. Safe for all threads.
 */
final class GroupOrder {

  private static final int REMEMBERED = 10_000;

  private record Lane(String group, String sender) {}

  @SuppressWarnings("serial")
  private final Map<Lane, Long> last =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Lane, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Returns whether a message is where it should be. */
  synchronized boolean inOrder(String group, Letter.Order order) {
    Lane lane = new Lane(group, order.sender());
    Long before = last.get(lane);
    if (before != null && before > order.number()) {
      return false;
    }
    last.put(lane, order.number());
    return true;
  }
}
