package io.rolehost.runtime.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.runtime.lifecycle.HoldTurn.Decision;
import io.rolehost.runtime.lifecycle.HoldTurn.Holder;
import io.rolehost.runtime.lifecycle.HoldTurn.Sight;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class HoldTurnTest {

  private static final HoldTurn.Limits LIMITS =
      new HoldTurn.Limits(Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(30));
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final Holder OTHER = new Holder("web_IN_0", 3);

  private HoldTurn turn = HoldTurn.first(new Sight.Free(), 0);

  @Test
  void freeTurn_orOneThatCannotBeSeen_goesAtOnce() {
    assertEquals(new Decision.Go(""), after(0, NOON, new Sight.Free()));
    assertEquals(new Decision.Go("no disk"), after(0, NOON, new Sight.Unknown("no disk")));
  }

  @Test
  void takenTurn_isWaitedFor_untilNoStopCanTakeThatLong() {
    Decision waits = new Decision.Wait("web_IN_0 (start #3) stops");
    assertEquals(waits, after(0, NOON, new Sight.Taken(OTHER)));
    assertEquals(waits, after(59, NOON, new Sight.Taken(OTHER)));
    assertEquals(
        new Decision.Go("web_IN_0 (start #3) has not stopped in 60 s"),
        after(60, NOON, new Sight.Taken(OTHER)));
  }

  @Test
  void takenTurn_thatAnotherTakesNext_isWaitedForAnew() {
    assertEquals(
        new Decision.Wait("web_IN_0 (start #3) stops"), after(0, NOON, new Sight.Taken(OTHER)));
    assertEquals(
        new Decision.Wait("web_IN_1 (start #1) stops"),
        after(61, NOON, new Sight.Taken(new Holder("web_IN_1", 1))));
  }

  @Test
  void leftTurn_waitsForTheNextStart_asLongAsThatMayTake() {
    Sight left = new Sight.Left(OTHER, NOON, false);
    Decision waits =
        new Decision.Wait("web_IN_0 (start #3) has stopped and is not back to be held");
    assertEquals(waits, after(0, NOON, left));
    assertEquals(waits, after(9, NOON.plusSeconds(9), left));
    assertEquals(new Decision.Go(""), after(10, NOON.plusSeconds(10), left));
  }

  @Test
  void leftTurn_longAgo_orByAClockThatWasSetBack_isNotWaitedForLonger() {
    Sight left = new Sight.Left(OTHER, NOON, false);
    assertEquals(new Decision.Go(""), after(0, NOON.plusSeconds(3600), left));
    turn = HoldTurn.first(left, 0);
    assertEquals(new Decision.Go(""), after(10, NOON.minusSeconds(3600), left));
  }

  @Test
  void leftTurn_underANode_goesAtOnce() {
    HoldTurn left = HoldTurn.first(new Sight.Left(OTHER, NOON, false), 0);
    assertEquals(
        new Decision.Go(""),
        left.decide(
            0, NOON, new HoldTurn.Limits(Duration.ofSeconds(60), Duration.ZERO, Duration.ZERO)));
  }

  @Test
  void leftTurn_ofOneThatRecycles_waitsUntilItIsReadyAgain() {
    Sight left = new Sight.Left(OTHER, NOON, true);
    Decision waits = new Decision.Wait("web_IN_0 (start #3) has stopped and is not ready again");
    assertEquals(waits, after(0, NOON, left));
    assertEquals(waits, after(29, NOON.plusSeconds(29), left));
    assertEquals(new Decision.Go(""), after(30, NOON.plusSeconds(30), left));
  }

  private Decision after(int seconds, Instant now, Sight sight) {
    long nanos = Duration.ofSeconds(seconds).toNanos();
    turn = turn.seeing(sight, nanos);
    return turn.decide(nanos, now, LIMITS);
  }
}
