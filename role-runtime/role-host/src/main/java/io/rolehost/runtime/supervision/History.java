package io.rolehost.runtime.supervision;

import java.util.ArrayList;
import java.util.List;

/**
 * What the restart policy remembers of a task. An immutable value, bounded by the budget: no more
 * restarts are kept than are granted.
 *
 * @param failuresInRow failures since the last healthy run; decides the length of the back-off
 * @param restarts when restarts were granted for, in ticks, oldest first
 * @param hungBefore whether the attempt before was replaced because it hung
 */
record History(int failuresInRow, List<Long> restarts, boolean hungBefore) {

  static final History NONE = new History(0, List.of(), false);

  History {
    restarts = List.copyOf(restarts);
  }

  /** Forgets the restarts that have left the window. */
  History within(long windowNanos, long now) {
    return new History(
        failuresInRow, restarts.stream().filter(at -> now - at < windowNanos).toList(), hungBefore);
  }

  /** Forgets the failures in a row, as after a long healthy run; the restarts stay. */
  History healthy() {
    return new History(0, restarts, false);
  }

  History plusRestart(long at, boolean hung) {
    List<Long> more = new ArrayList<>(restarts);
    more.add(at);
    return new History(failuresInRow + 1, more, hung);
  }
}
