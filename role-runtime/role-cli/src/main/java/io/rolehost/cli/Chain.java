package io.rolehost.cli;

import io.rolehost.runtime.journal.JournalEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What the last start or stop of a role host took its time for, by its journal: pure. */
final class Chain {
  private static final Set<String> UP = Set.of("READY", "BUSY", "SUSPECT");
  private static final Set<String> LEAVES = Set.of("DRAINING", "STOPPING", "KILLING");

  private static final String STEP = "step";

  /** The steps before the one in which tasks are told to leave. */
  private static final Set<String> UNTIL_TOLD =
      Set.of("STARTUP_TASKS", "START", "LISTENERS", "APPLICATION_END");

  private Chain() {}

  /**
   * A piece of the way.
   *
   * @param took since what was written down before
   * @param until what it ended with, one sentence
   * @param state the role host was in meanwhile
   * @param stack of a task that was left behind; empty if it was none
   * @param whole how long that itself took, of which another may have hidden a part; empty = that
   *     is not known
   */
  record Link(Duration took, String until, String state, String stack, Optional<Duration> whole) {

    private Link of(long nanos) {
      return new Link(took, until, state, stack, Optional.of(Duration.ofNanos(nanos)));
    }

    /** Returns whether it went on beside what was written down before. */
    boolean isPart() {
      return whole.isPresent() && whole.get().minus(took).toMillis() > 0;
    }
  }

  /** Returns the last start that is whole, or goes on: in its order, from the first entry on. */
  static List<Link> start(List<JournalEntry> entries) {
    int from = lastOf(entries, entry -> entry.type().equals("start"));
    if (from < 0) {
      return List.of();
    }
    List<Link> links = new ArrayList<>();
    for (int i = from + 1; i < entries.size(); i++) {
      links.add(link(entries.get(i - 1), entries.get(i)));
      if (UP.contains(entries.get(i).to()) || entries.get(i).type().equals("end")) {
        break;
      }
    }
    return links;
  }

  /** Returns the last stop: in its order, from the request on. */
  static List<Link> stop(List<JournalEntry> entries) {
    int from =
        lastOf(entries, entry -> LEAVES.contains(entry.to()) && !LEAVES.contains(entry.from()));
    if (from < 0) {
      return List.of();
    }
    List<Link> links = new ArrayList<>();
    long leaving = entries.get(from).nanos(); // when tasks were told to
    for (int i = from + 1; i < entries.size(); i++) {
      JournalEntry entry = entries.get(i);
      if (entry.incarnation() != entries.get(from).incarnation()) {
        break;
      }
      Link link = link(entries.get(i - 1), entry);
      links.add(entry.type().equals("task") ? link.of(entry.nanos() - leaving) : link);
      if (UNTIL_TOLD.contains(step(entry)) || entry.from().equals("DRAINING")) {
        leaving = entry.nanos();
      }
    }
    return links;
  }

  /** Returns why it stopped; empty if it never did. */
  static String cause(List<JournalEntry> entries) {
    int from =
        lastOf(entries, entry -> LEAVES.contains(entry.to()) && !LEAVES.contains(entry.from()));
    return from < 0 ? "" : entries.get(from).cause();
  }

  private static int lastOf(List<JournalEntry> entries, Predicate<JournalEntry> wanted) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (wanted.test(entries.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private static Link link(JournalEntry before, JournalEntry entry) {
    Object stack = entry.detail().get("stack");
    Object millis = entry.detail().get("millis");
    return new Link(
        Duration.ofNanos(entry.nanos() - before.nanos()),
        entry.cause(),
        entry.from(),
        entry.type().equals("task") && stack != null ? String.valueOf(stack) : "",
        entry.type().equals(STEP) && millis instanceof Number number
            ? Optional.of(Duration.ofMillis(number.longValue()))
            : Optional.empty());
  }

  private static String step(JournalEntry entry) {
    return entry.type().equals(STEP) ? String.valueOf(entry.detail().get("step")) : "";
  }

  /** Returns the same, what took longest first. */
  static List<Link> laggardsFirst(List<Link> links) {
    return links.stream().sorted(Comparator.comparing(Link::took).reversed()).toList();
  }

  static Duration total(List<Link> links) {
    return links.stream().map(Link::took).reduce(Duration.ZERO, Duration::plus);
  }
}
