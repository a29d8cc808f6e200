package io.rolehost.node.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.node.journal.OrderJournal.Outcome;
import io.rolehost.runtime.journal.JournalEntry;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OrderReplayTest {

  private final OrderReplay replay = new OrderReplay(true);
  private long sequence;

  private Optional<String> asked(int node) {
    return take(OrderJournal.ASKED, Map.of("node", node));
  }

  private Optional<String> ended(int node, long order, Outcome outcome) {
    return take(
        OrderJournal.ENDED, Map.of("node", node, "order", order, "outcome", outcome.text()));
  }

  private Optional<String> take(String type, Map<String, Object> detail) {
    sequence++;
    return replay.take(
        new JournalEntry(sequence, Instant.EPOCH, sequence, 0, type, "", "", "", detail));
  }

  @Test
  void orders_thatEndOnceAndByTheirNode_follow() {
    assertEquals(Optional.empty(), asked(7));
    assertEquals(Optional.empty(), asked(7));
    assertEquals(Optional.empty(), ended(7, 1, Outcome.REPLACED));
    assertEquals(Optional.empty(), ended(8, 2, Outcome.BROKEN_OFF));
    assertEquals(Optional.empty(), asked(8));
  }

  @Test
  void end_withoutABeginning_isTold_unlessThatIsNoLongerKept() {
    assertEquals(
        Optional.of("order 5 ends, and none of that number is under way"),
        ended(7, 5, Outcome.DONE));
    replay.gap();
    assertEquals(Optional.empty(), ended(7, 5, Outcome.DONE));
  }

  @Test
  void order_ofAnEarlierNode_mustBeBrokenOff() {
    assertEquals(Optional.empty(), asked(7));
    assertEquals(
        Optional.of("order 1 of node 7 has no end, though node 8 takes on another"), asked(8));
    assertEquals(
        Optional.of("order 2 of node 8 is ended by node 9 as done"), ended(9, 2, Outcome.DONE));
  }
}
