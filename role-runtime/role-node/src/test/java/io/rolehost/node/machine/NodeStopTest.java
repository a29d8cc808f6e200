package io.rolehost.node.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.machine.NodeStop.Stage;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class NodeStopTest {
  private static final Duration USUAL = Duration.ofSeconds(30);

  @Test
  void asked_onceInOrder_twiceAtOnce_andNoFurther() {
    assertFalse(NodeStop.none().isUnderWay());
    NodeStop once = NodeStop.none().asked("TERM", OptionalLong.empty());
    assertEquals(new NodeStop(Stage.IN_ORDER, "TERM", OptionalLong.empty()), once);
    assertTrue(once.isUnderWay());
    assertEquals("TERM: stopping", once.told());

    NodeStop twice = once.asked("INT", OptionalLong.of(7));
    assertEquals(new NodeStop(Stage.URGENT, "INT", OptionalLong.of(7)), twice);
    assertEquals("INT again: no more time", twice.told());
    assertEquals(twice, twice.asked("TERM", OptionalLong.empty()));
  }

  @Test
  void time_isThatOfTheRole_unlessAllHaveToBeGoneByAMoment() {
    assertEquals(USUAL, NodeStop.none().asked("TERM", OptionalLong.empty()).timeFor(USUAL, 100));
    NodeStop due = NodeStop.none().asked("stop", OptionalLong.of(1_000));
    assertEquals(Duration.ofNanos(900), due.timeFor(USUAL, 100));
    assertEquals(Duration.ZERO, due.timeFor(USUAL, 2_000));
    // Of a clock that goes round.
    NodeStop round = NodeStop.none().asked("stop", OptionalLong.of(Long.MIN_VALUE + 5));
    assertEquals(Duration.ofNanos(10), round.timeFor(USUAL, Long.MAX_VALUE - 4));
  }
}
