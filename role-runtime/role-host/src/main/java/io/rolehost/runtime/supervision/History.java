package io.rolehost.runtime.supervision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the restart policy remembers of a task or of a group. An immutable value, bounded by the
 * budget: no more restarts are kept than are granted.
 *
 * @param failuresInRow failures since the last healthy run; decides the length of the back-off
 * @param restarts when restarts were granted for, in ticks, oldest first
 * @param hungBefore whether the attempt before was replaced because it hung
 * @param print of the failure before
 * @param samePrints how many failures in a row had that print
 */
record History(
    int failuresInRow,
    List<Long> restarts,
    boolean hungBefore,
    Optional<FailurePrint> print,
    int samePrints) {

  static final History NONE = new History(0, List.of(), false);

  History {
    restarts = List.copyOf(restarts);
  }

  History(int failuresInRow, List<Long> restarts, boolean hungBefore) {
    this(failuresInRow, restarts, hungBefore, Optional.empty(), 0);
  }

  /** Forgets the restarts that have left the window. */
  History within(long windowNanos, long now) {
    if (restarts.isEmpty()) {
      return this;
    }
    return new History(
        failuresInRow,
        restarts.stream().filter(at -> now - at < windowNanos).toList(),
        hungBefore,
        print,
        samePrints);
  }

  /** Forgets the failures in a row, as after a long healthy run; the restarts stay. */
  History healthy() {
    return new History(0, restarts, false);
  }

  /** Counts a failure that looks like this; one without a print is like no other. */
  History failedLike(Optional<FailurePrint> seen) {
    if (seen.isEmpty() && print.isEmpty()) {
      return this;
    }
    int same = seen.isPresent() && seen.equals(print) ? samePrints + 1 : seen.isPresent() ? 1 : 0;
    return new History(failuresInRow, restarts, hungBefore, seen, same);
  }

  History plusRestart(long at, boolean hung) {
    List<Long> more = new ArrayList<>(restarts);
    more.add(at);
    return new History(failuresInRow + 1, more, hung, print, samePrints);
  }

  /** Counts a restart of a task whose budget has no end, so that its time need not be known. */
  History plusUncounted(boolean hung) {
    return new History(failuresInRow + 1, restarts, hung, print, samePrints);
  }
}
