package io.rolehost.runtime.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the last start or stop of a role host took its time for, by its journal: pure. */
public final class CriticalChain {
  private static final Set<String> UP = Set.of("READY", "BUSY", "SUSPECT");
  private static final Set<String> LEAVES = Set.of("DRAINING", "STOPPING", "KILLING");

  private static final String STEP = "step";

  /** The steps before the one in which tasks are told to leave. */
  private static final Set<String> UNTIL_TOLD =
      Set.of("STARTUP_TASKS", "START", "LISTENERS", "APPLICATION_END");

  private CriticalChain() {}

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
  public record Link(
      Duration took, String until, String state, String stack, Optional<Duration> whole) {

    private Link of(long nanos) {
      return new Link(took, until, state, stack, Optional.of(Duration.ofNanos(nanos)));
    }

    /** Returns whether it went on beside what was written down before. */
    public boolean isPart() {
      return whole.isPresent() && whole.get().minus(took).toMillis() > 0;
    }
  }

  /** An entry, and whose journal it is from. */
  private record Seen(JournalEntry entry, boolean byNode) {}

  /** Returns the last start that is whole, or goes on: in its order, from the first entry on. */
  public static List<Link> start(List<JournalEntry> entries) {
    return start(List.of(), entries);
  }

  /**
   * Returns the last start where a node runs the instance: from the start of the process on until
   * the node has seen it ready.
   *
   * @param node what the node wrote down; none = nobody but the process itself
   * @param host what the process wrote down; none for a program that is no role host
   */
  public static List<Link> start(List<JournalEntry> node, List<JournalEntry> host) {
    List<Seen> all = merged(node, host);
    boolean ofNode = !node.isEmpty();
    int from =
        lastOf(
            all,
            seen -> seen.byNode() == ofNode && seen.entry().type().equals(PastIncarnations.START));
    if (from < 0) {
      return List.of();
    }
    List<Link> links = new ArrayList<>();
    for (int i = from + 1; i < all.size(); i++) {
      JournalEntry entry = all.get(i).entry();
      links.add(link(all.get(i - 1), all.get(i)));
      if (all.get(i).byNode() == ofNode && (UP.contains(entry.to()) || isEnd(entry))) {
        break;
      }
    }
    return links;
  }

  /** Returns the last stop: in its order, from the request on. */
  public static List<Link> stop(List<JournalEntry> entries) {
    return stop(List.of(), entries);
  }

  /**
   * Returns the last stop where a node runs the instance: until the node has seen the end of the
   * process.
   *
   * @param node what the node wrote down; none = nobody but the process itself
   * @param host what the process wrote down; none for a program that is no role host
   */
  public static List<Link> stop(List<JournalEntry> node, List<JournalEntry> host) {
    List<Seen> all = merged(node, host);
    boolean ofNode = !node.isEmpty();
    int from = stopOf(all);
    if (from < 0) {
      return List.of();
    }
    List<Link> links = new ArrayList<>();
    long leaving = all.get(from).entry().nanos(); // when tasks were told to
    for (int i = from + 1; i < all.size(); i++) {
      JournalEntry entry = all.get(i).entry();
      if (!ofNode && entry.incarnation() != all.get(from).entry().incarnation()) {
        break;
      }
      Link link = link(all.get(i - 1), all.get(i));
      boolean task = entry.type().equals("task") && !all.get(i).byNode();
      links.add(task ? link.of(entry.nanos() - leaving) : link);
      if (!all.get(i).byNode() && (UNTIL_TOLD.contains(step(entry)) || isToldBy(entry))) {
        leaving = entry.nanos();
      }
      if (all.get(i).byNode() == ofNode && isEnd(entry)) {
        break; // what is written behind it is about the next start
      }
    }
    return links;
  }

  /** The drain is over, or there was none and the process has just taken note of the stop. */
  private static boolean isToldBy(JournalEntry entry) {
    return entry.from().equals("DRAINING") || isRequest(entry);
  }

  /** Returns why it stopped; empty if it never did. */
  public static String cause(List<JournalEntry> entries) {
    return cause(List.of(), entries);
  }

  /** Returns why it stopped where a node runs it; empty if it never did. */
  public static String cause(List<JournalEntry> node, List<JournalEntry> host) {
    List<Seen> all = merged(node, host);
    int from = stopOf(all);
    return from < 0 ? "" : all.get(from).entry().cause();
  }

  /** Between two processes the wall clock counts. */
  private static List<Seen> merged(List<JournalEntry> node, List<JournalEntry> host) {
    return Stream.concat(
            node.stream().map(entry -> new Seen(entry, true)),
            host.stream().map(entry -> new Seen(entry, false)))
        .sorted(
            node.isEmpty() || host.isEmpty()
                ? (_, _) -> 0
                : Comparator.comparing(seen -> seen.entry().at()))
        .toList();
  }

  /** Returns the first of the entries that say so: node and process both do. */
  private static int stopOf(List<Seen> all) {
    int from = lastOf(all, seen -> isRequest(seen.entry()));
    for (int i = from - 1; i >= 0 && !(all.get(i).byNode() && isEnd(all.get(i).entry())); i--) {
      if (isRequest(all.get(i).entry()) && all.get(i).byNode() != all.get(from).byNode()) {
        return i;
      }
    }
    return from;
  }

  private static boolean isRequest(JournalEntry entry) {
    return LEAVES.contains(entry.to()) && !LEAVES.contains(entry.from());
  }

  private static boolean isEnd(JournalEntry entry) {
    return PastIncarnations.ENDS.contains(entry.type());
  }

  private static int lastOf(List<Seen> all, Predicate<Seen> wanted) {
    for (int i = all.size() - 1; i >= 0; i--) {
      if (wanted.test(all.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private static Link link(Seen before, Seen seen) {
    JournalEntry entry = seen.entry();
    Object stack = entry.detail().get("stack");
    Object millis = entry.detail().get("millis");
    String cause = entry.cause().isEmpty() ? "it says " + entry.to() : entry.cause();
    return new Link(
        before.byNode() == seen.byNode()
            ? Duration.ofNanos(entry.nanos() - before.entry().nanos())
            : Duration.between(before.entry().at(), entry.at()),
        seen.byNode() ? "node: " + cause : cause,
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
  public static List<Link> laggardsFirst(List<Link> links) {
    return links.stream().sorted(Comparator.comparing(Link::took).reversed()).toList();
  }

  /** Returns how long all of them took. */
  public static Duration total(List<Link> links) {
    return links.stream().map(Link::took).reduce(Duration.ZERO, Duration::plus);
  }
}
