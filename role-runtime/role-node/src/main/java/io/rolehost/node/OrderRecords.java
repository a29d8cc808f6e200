package io.rolehost.node;

import io.rolehost.node.journal.OrderJournal;
import io.rolehost.node.journal.OrderJournal.Kind;
import io.rolehost.node.journal.OrderJournal.Outcome;
import io.rolehost.runtime.management.AuditEntry;
import io.rolehost.runtime.process.Ticks;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what operators asked for and what came of it, and tells those who listen and the one
 * who asked. For the node's thread.
 */
final class OrderRecords implements AutoCloseable {
  private final OrderJournal journal;
  private final NodeEvents events;
  private final Map<Course, Taken> open = new HashMap<>();
  private final Map<String, Course> swaps = new HashMap<>(); // at most one of each direction

  private record Taken(long number, Kind kind) {}

  OrderRecords(Path stateDir, InstantSource clock, Ticks ticks, NodeEvents events) {
    this.journal = OrderJournal.open(stateDir, clock, ticks);
    this.events = events;
  }

  /** Ends what an earlier node was killed in the middle of; returns a sentence of each. */
  List<String> begin() {
    List<String> told = new ArrayList<>();
    for (OrderJournal.LeftOver left : journal.leftOver()) {
      String sentence = "an earlier node was ended in the middle of this: " + left.sentence();
      events.add(journal.ended(left.order(), left.kind(), Outcome.BROKEN_OFF, sentence));
      told.add(sentence);
    }
    return told;
  }

  /** An order to renew instances is taken on. */
  void asked(Order order) {
    List<Object> changes = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (Order.Group group : order.groups()) {
      if (group.targets().isEmpty()) {
        continue;
      }
      Order.Target first = group.targets().getFirst();
      Map<String, Object> change = new LinkedHashMap<>();
      change.put("role", group.role().name());
      first.from().ifPresent(from -> change.put("from", from.name()));
      change.put("to", first.to().name());
      change.put("instances", group.targets().stream().map(Order.Target::instance).toList());
      changes.add(change);
      words.add(
          group.role().name()
              + " "
              + first.from().map(from -> from.name() + " -> ").orElse("new, ")
              + first.to().name()
              + " (" // how many of them
              + group.targets().size()
              + ")");
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("changes", changes);
    order
        .plan()
        .filter(plan -> !plan.leaving().isEmpty())
        .ifPresent(plan -> {
          facts.put("leaving", plan.leaving());
          words.add("leaving " + String.join(", ", plan.leaving()));
        });
    String change = words.isEmpty() ? "nothing changes" : String.join("; ", words);
    asked(order.course(), order.kind(), order.what(), change, facts);
  }

  /** A role is to have another number of instances. */
  void asked(Course course, String role, int from, int to) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("role", role);
    facts.put("from", from);
    facts.put("to", to);
    asked(course, Kind.SCALE, "the scaling of " + role, from + " -> " + to, facts);
  }

  private void asked(
      Course course, Kind kind, String what, String change, Map<String, Object> facts) {
    facts.put("by", course.by());
    String sentence = what + (course.by().isEmpty() ? "" : " by " + course.by()) + ": " + change;
    var entry = journal.asked(kind, sentence, facts);
    open.put(course, new Taken(entry.sequence(), kind));
    events.add(entry);
  }

  /** An order has ended: its course too. */
  void ended(Course course, Outcome outcome, String sentence) {
    @Nullable Taken taken = open.remove(course);
    if (taken != null) {
      events.add(journal.ended(taken.number(), taken.kind(), outcome, sentence));
    }
    course.end(outcome == Outcome.DONE ? Course.GOOD : Course.FAILED, sentence);
  }

  /**
   * Two deployments are about to change places: a command does it, and tells before the first
   * change. Should it be killed, the order has no end, and that can be seen.
   *
   * @param facts from which side to which
   */
  void swapBegins(Course course, String change, Map<String, Object> facts) {
    Course before = swaps.put(change, course);
    if (before != null) {
      ended(before, Outcome.BROKEN_OFF, "the command of that swap never told how it ended");
    }
    asked(course, Kind.SWAP, "the swap", change, new LinkedHashMap<>(facts));
  }

  /** Two deployments have changed places, or were to. */
  void swapped(Course course, String change, Map<String, Object> facts, boolean done, String end) {
    @Nullable Course begun = swaps.remove(change);
    if (begun == null) { // this node was not up then
      asked(course, Kind.SWAP, "the swap", change, new LinkedHashMap<>(facts));
    }
    ended(begun == null ? course : begun, done ? Outcome.DONE : Outcome.FAILED, end);
  }

  /** Somebody changed something here, or tried to. */
  void audited(AuditEntry entry) {
    events.add(journal.audited(AuditEntry.TYPE, entry.sentence(), entry.detail()));
  }

  @Override
  public void close() {
    journal.close();
  }
}
