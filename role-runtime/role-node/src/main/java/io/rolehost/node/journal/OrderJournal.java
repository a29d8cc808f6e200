package io.rolehost.node.journal;

import io.rolehost.runtime.journal.Journal;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.process.Ticks;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What operators asked a node to change, in {@code <state-dir>/journal/orders.node.jsonl}: a line
 * when a node takes it on and a line when it has ended, each behind the hash of the one before. It
 * is kept over the nodes of a state directory, and bounded as {@link NodeJournal} is. Written by
 * the node's thread alone.
 */
public final class OrderJournal implements AutoCloseable {

  /** A type of entries: an order was taken on. Its number is the sequence of that entry. */
  public static final String ASKED = "order";

  /** A type of entries: an order has ended. */
  public static final String ENDED = "order-ended";

  /** In the detail of an end: the number of the order. */
  static final String ORDER = "order";

  static final String OUTCOME = "outcome";
  private static final String NAME = "orders";

  private final Journal journal;

  /** What is asked for. */
  public enum Kind {
    RESTART,
    DEPLOY,
    ROLLBACK,
    SCALE,
    SWAP;

    /** Returns the word that is written down. */
    public String text() {
      return word(this);
    }
  }

  /** How an order ended. */
  public enum Outcome {
    /** All that was asked for is done. */
    DONE,
    /** It went no further, and what was changed stays changed. */
    FAILED,
    /** It went no further, and what was changed went back. */
    TAKEN_BACK,
    /** Another order of the same came. */
    REPLACED,
    /** The node ended before. */
    BROKEN_OFF;

    /** Returns the word that is written down. */
    public String text() {
      return word(this);
    }
  }

  private OrderJournal(Journal journal) {
    this.journal = journal;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Opens the journal. Never throws: what can't be read is a {@link #problem}. */
  public static OrderJournal open(Path stateDir, InstantSource clock, Ticks ticks) {
    return new OrderJournal(Journal.ofNode(stateDir, NAME, clock, ticks));
  }

  /**
   * An order is taken on.
   *
   * @param sentence what it is and who asked for it
   * @param facts the same as values that are JSON
   * @return the entry, whose sequence is the number of the order
   */
  public JournalEntry asked(Kind kind, String sentence, Map<String, Object> facts) {
    Map<String, Object> detail = new LinkedHashMap<>(facts);
    detail.put("kind", kind.text());
    return append(ASKED, sentence, detail);
  }

  /** An order has ended. */
  public JournalEntry ended(long order, Kind kind, Outcome outcome, String sentence) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put(ORDER, order);
    detail.put("kind", kind.text());
    detail.put(OUTCOME, outcome.text());
    return append(ENDED, sentence, detail);
  }

  /**
   * Somebody changed something, or tried to, whether or not an order came of it.
   *
   * @param type of the entry
   */
  public JournalEntry audited(String type, String sentence, Map<String, Object> facts) {
    return append(type, sentence, new LinkedHashMap<>(facts));
  }

  private JournalEntry append(String type, String sentence, Map<String, Object> detail) {
    detail.put(NodeJournal.NODE, ProcessHandle.current().pid());
    return journal.append(0, type, "", "", sentence, detail);
  }

  /** An order whose node was killed in the middle of it. */
  public record LeftOver(long order, Kind kind, String sentence) {}

  /** Returns the orders that have no end. Asked once, by a node that has none of its own yet. */
  public List<LeftOver> leftOver() {
    Set<Long> ended = new HashSet<>();
    List<LeftOver> open = new ArrayList<>();
    Iterator<JournalEntry> newestFirst = journal.recent(Set.of(ASKED, ENDED));
    while (newestFirst.hasNext()) {
      JournalEntry entry = newestFirst.next();
      if (entry.type().equals(ENDED)) {
        number(entry).ifPresent(ended::add);
      } else if (!ended.contains(entry.sequence())) {
        open.addFirst(new LeftOver(entry.sequence(), kind(entry), entry.cause()));
      }
    }
    return open;
  }

  /** Returns which order an entry is the end of. */
  static Optional<Long> number(JournalEntry end) {
    return end.detail().get(ORDER) instanceof Number number
        ? Optional.of(number.longValue())
        : Optional.empty();
  }

  private static Kind kind(JournalEntry entry) {
    for (Kind kind : Kind.values()) {
      if (kind.text().equals(entry.detail().get("kind"))) {
        return kind;
      }
    }
    return Kind.DEPLOY; // only a later version has others
  }

  /** Returns a sentence saying why the file is not written, or empty while it is. */
  public Optional<String> problem() {
    return journal.problem();
  }

  @Override
  public void close() {
    journal.close();
  }
}
