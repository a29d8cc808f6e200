package io.rolehost.cli;

import io.rolehost.runtime.journal.JournalEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What the last start or stop of a role host took its time for, by its journal: pure. */
final class Chain {
  private static final Set<String> UP = Set.of("READY", "BUSY", "SUSPECT");
  private static final Set<String> LEAVES = Set.of("DRAINING", "STOPPING", "KILLING");

  private Chain() {}

  /**
   * A piece of the way.
   *
   * @param took since what was written down before
   * @param until what it ended with, one sentence
   * @param state the role host was in meanwhile
   * @param stack of a task that was left behind; empty if it was none
   */
  record Link(Duration took, String until, String state, String stack) {}

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
    for (int i = from + 1; i < entries.size(); i++) {
      if (entries.get(i).incarnation() != entries.get(from).incarnation()) {
        break;
      }
      links.add(link(entries.get(i - 1), entries.get(i)));
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
    return new Link(
        Duration.ofNanos(entry.nanos() - before.nanos()),
        entry.cause(),
        entry.from(),
        entry.type().equals("task") && stack != null ? String.valueOf(stack) : "");
  }

  /** Returns the same, what took longest first. */
  static List<Link> laggardsFirst(List<Link> links) {
    return links.stream().sorted(Comparator.comparing(Link::took).reversed()).toList();
  }

  static Duration total(List<Link> links) {
    return links.stream().map(Link::took).reduce(Duration.ZERO, Duration::plus);
  }
}
