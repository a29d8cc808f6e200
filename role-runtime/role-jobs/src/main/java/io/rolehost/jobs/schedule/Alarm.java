package io.rolehost.jobs.schedule;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * When the timer is to look next: it polls too seldom to be in time by that. Not for several
 * threads at once.
 */
final class Alarm {

  private record Entry(Instant at, Timetable table) {}

  private final PriorityQueue<Entry> entries = new PriorityQueue<>(Comparator.comparing(Entry::at));

  void add(Timetable table, Instant now) {
    table.next(now).ifPresent(next -> entries.add(new Entry(next, table)));
  }

  Optional<Instant> next() {
    return Optional.ofNullable(entries.peek()).map(Entry::at);
  }

  /** Returns whether a tick is due, and goes on to the next of each that is. */
  boolean rings(Instant now) {
    boolean due = false;
    for (Entry first = entries.peek();
        first != null && !first.at().isAfter(now);
        first = entries.peek()) {
      entries.remove();
      add(first.table(), now);
      due = true;
    }
    return due;
  }
}
