package io.rolehost.node.journal;

import static io.rolehost.node.journal.NodeJournal.EVENT;
import static io.rolehost.node.journal.NodeJournal.LIFE;
import static io.rolehost.node.journal.NodeJournal.NANOS;
import static io.rolehost.node.journal.NodeJournal.OPENED;
import static io.rolehost.node.journal.NodeJournal.RANDOM;
import static io.rolehost.node.journal.NodeJournal.RULES;
import static io.rolehost.node.journal.NodeJournal.STEP;

import io.rolehost.node.machine.InstanceEvent;
import io.rolehost.node.machine.InstanceLife;
import io.rolehost.node.machine.NodeTransitions;
import io.rolehost.node.machine.Rules;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.journal.JournalReader;
import io.rolehost.runtime.journal.JournalReader.Line;
import io.rolehost.runtime.journal.JournalReader.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Checks a journal: that no line was changed or taken out, and that every step is the one that the
 * table takes by what was true then. Pure; it is given the lines of one journal, oldest first.
 */
public final class Replay {

  private static final int MOST_PROBLEMS = 20;

  private final boolean ofNode;
  private final OptionalLong wanted;
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final OrderReplay orders = new OrderReplay(true);
  private int lines;
  private int steps;
  private @Nullable JournalEntry before;
  private @Nullable JournalEntry stateBefore;
  private @Nullable InstanceLife life;
  private @Nullable Rules rules;
  private @Nullable InstanceLife found;

  /**
   * Something that does not follow.
   *
   * @param file and {@code line} where
   * @param text what was expected and what was found
   */
  public record Problem(String file, int line, String text) {}

  /**
   * What came out.
   *
   * @param lines how many were read
   * @param steps how many were taken again
   * @param problems empty if all follows
   * @param notes what could not be checked, and why
   */
  public record Result(int lines, int steps, List<Problem> problems, List<String> notes) {
    /** Takes copies. */
    public Result {
      problems = List.copyOf(problems);
      notes = List.copyOf(notes);
    }
  }

  /**
   * Begins with a journal.
   *
   * @param journal its name
   * @param sequence of the line whose life is asked for later; empty = none
   */
  public Replay(String journal, OptionalLong sequence) {
    this.ofNode = JournalReader.instanceOfNode(journal).isPresent();
    this.wanted = sequence;
  }

  /** Takes the next line. */
  public void take(Line line) {
    lines++;
    if (line.torn()) {
      notes.add(at(line) + " is torn, and is cut when the journal is next opened");
      return;
    }
    if (line.entry().isEmpty()) {
      if (ofNode) {
        problem(line, "this is no entry; a journal has one JSON object a line");
      } else {
        notes.add(at(line) + " is torn or no entry");
      }
      return;
    }
    JournalEntry entry = line.entry().get();
    if (ofNode && line.link() != Link.WHOLE && line.link() != Link.FIRST) {
      problem(
          line,
          "the hash is not that of this line behind the one before: changed, or a line is missing");
    }
    order(line, entry);
    before = entry;
    if (ofNode) {
      node(line, entry);
      if (wanted.isPresent() && entry.sequence() == wanted.getAsLong()) {
        found = life;
      }
    } else {
      host(line, entry);
    }
  }

  private void order(Line line, JournalEntry entry) {
    JournalEntry last = before;
    if (last == null) {
      if (entry.sequence() > 1) {
        orders.gap();
        notes.add("what was before entry " + entry.sequence() + " is no longer kept");
      }
      return;
    }
    if (entry.sequence() <= last.sequence()) {
      problem(line, "expected an entry after " + last.sequence() + ", found " + entry.sequence());
    } else if (entry.sequence() > last.sequence() + 1) {
      String gap = "entries " + (last.sequence() + 1) + " to " + (entry.sequence() - 1);
      if (line.link() == Link.WHOLE) {
        notes.add(gap + " were never written: the disk took none");
        life = null;
        orders.gap();
      } else {
        problem(line, gap + " are missing");
      }
    }
    if (!ofNode && entry.incarnation() < last.incarnation()) {
      problem(line, "start #" + entry.incarnation() + " comes behind start #" + last.incarnation());
    }
  }

  private void node(Line line, JournalEntry entry) {
    try {
      if (entry.type().equals(OPENED)) {
        opened(line, entry);
      } else if (entry.detail().get(STEP) instanceof Map<?, ?> step) {
        step(line, step);
      } else if (entry.type().equals(OrderJournal.ASKED)
          || entry.type().equals(OrderJournal.ENDED)) {
        steps++;
        orders.take(entry).ifPresent(wrong -> problem(line, wrong));
      } else if (entry.detail().containsKey("dropped")) {
        notes.add(at(line) + " was too large to be kept whole, and is not checked");
        life = null;
      }
    } catch (IllegalArgumentException e) {
      problem(line, "what a step needs can't be read: " + e.getMessage());
      life = null;
    }
  }

  private void opened(Line line, JournalEntry entry) {
    rules = RecordValues.to(Rules.class, map(entry.detail(), RULES));
    InstanceLife begins = RecordValues.to(InstanceLife.class, map(entry.detail(), LIFE));
    InstanceLife was = life;
    if (was != null && begins.incarnation() < was.incarnation()) {
      problem(
          line,
          "a node begins behind start #"
              + begins.incarnation()
              + ", though there was a start #"
              + was.incarnation());
    }
    life = begins;
  }

  private void step(Line line, Map<?, ?> step) {
    InstanceEvent event = RecordValues.to(InstanceEvent.class, map(step, EVENT));
    InstanceLife recorded = RecordValues.to(InstanceLife.class, map(step, LIFE));
    InstanceLife was = life;
    Rules by = rules;
    if (was != null && by != null) {
      InstanceLife expected =
          new NodeTransitions(by)
              .next(was, event, number(step, NANOS).longValue(), number(step, RANDOM).doubleValue())
              .life();
      steps++;
      if (!expected.equals(recorded)) {
        problem(
            line,
            "by "
                + event
                + " in "
                + was.state()
                + " the table leads to "
                + expected
                + ", found "
                + recorded);
      }
    }
    life = recorded;
  }

  /** A host's transitions begin where the one before has led, and nothing comes behind an end. */
  private void host(Line line, JournalEntry entry) {
    JournalEntry last = stateBefore;
    boolean same = last != null && last.incarnation() == entry.incarnation();
    if (entry.type().equals("illegal")) {
      problem(line, "the host met something that can't happen: " + entry.cause());
    }
    if (entry.type().equals("transition")) {
      steps++;
      if (same && last != null && !last.to().equals(entry.from())) {
        problem(
            line,
            "expected a step from "
                + last.to()
                + ", found one from "
                + entry.from()
                + " to "
                + entry.to());
      }
      stateBefore = entry;
    } else if (!same) {
      stateBefore = null;
    }
  }

  private static Map<?, ?> map(Map<?, ?> values, String key) {
    if (values.get(key) instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException("'" + key + "' is missing");
  }

  private static Number number(Map<?, ?> values, String key) {
    if (values.get(key) instanceof Number number) {
      return number;
    }
    throw new IllegalArgumentException("'" + key + "' is missing");
  }

  private void problem(Line line, String text) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(new Problem(line.file().toString(), line.number(), text));
    }
  }

  private static String at(Line line) {
    return line.file() + ":" + line.number();
  }

  /** Returns what came out, after the last line. */
  public Result result() {
    return new Result(lines, steps, problems, notes);
  }

  /** Returns the life at the sequence that was asked for, as values that are JSON. */
  public Optional<Map<String, Object>> life() {
    return Optional.ofNullable(found).map(RecordValues::of);
  }

  /** Returns whether two lives, as values that are JSON, are the same. */
  public static boolean same(Map<?, ?> one, Map<?, ?> other) {
    return RecordValues.to(InstanceLife.class, one)
        .equals(RecordValues.to(InstanceLife.class, other));
  }
}
