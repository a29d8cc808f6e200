package io.rolehost.node.journal;

import io.rolehost.runtime.journal.JournalEntry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the orders of a journal: each has one end, behind it and by the node that took it on, or
 * by the next node, which found it broken off. Pure; it is given the entries oldest first.
 */
final class OrderReplay {
  private final Map<Long, JournalEntry> open = new LinkedHashMap<>();
  private boolean whole;

  /**
   * Begins.
   *
   * @param whole whether the first entry of all is still there, so that no beginning is missing
   */
  OrderReplay(boolean whole) {
    this.whole = whole;
  }

  /** Takes the next entry, and returns what is wrong with it; empty if nothing is. */
  Optional<String> take(JournalEntry entry) {
    return switch (entry.type()) {
      case OrderJournal.ASKED -> asked(entry);
      case OrderJournal.ENDED -> ended(entry);
      default -> Optional.empty();
    };
  }

  private Optional<String> asked(JournalEntry entry) {
    Optional<JournalEntry> left =
        open.values().stream().filter(one -> !node(one).equals(node(entry))).findFirst();
    open.values().removeIf(one -> !node(one).equals(node(entry)));
    open.put(entry.sequence(), entry);
    return left.map(one ->
        "order "
            + one.sequence()
            + " of node "
            + node(one)
            + " has no end, though node "
            + node(entry)
            + " takes on another");
  }

  private Optional<String> ended(JournalEntry entry) {
    Optional<Long> number = OrderJournal.number(entry);
    if (number.isEmpty()) {
      return Optional.of("an order ends, and it is not said which");
    }
    @Nullable JournalEntry begun = open.remove(number.get());
    if (begun == null) {
      return whole
          ? Optional.of("order " + number.get() + " ends, and none of that number is under way")
          : Optional.empty();
    }
    boolean brokenOff =
        OrderJournal.Outcome.BROKEN_OFF.text().equals(entry.detail().get(OrderJournal.OUTCOME));
    return node(begun).equals(node(entry)) || brokenOff
        ? Optional.empty()
        : Optional.of(
            "order "
                + number.get()
                + " of node "
                + node(begun)
                + " is ended by node "
                + node(entry)
                + " as "
                + entry.detail().get(OrderJournal.OUTCOME));
  }

  /** Lines were lost, so that an end may have no beginning. */
  void gap() {
    whole = false;
    open.clear();
  }

  private static String node(JournalEntry entry) {
    return String.valueOf(entry.detail().get(NodeJournal.NODE));
  }
}
