package io.rolehost.jobs.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.api.Backoff;
import io.rolehost.api.CorruptionException;
import io.rolehost.api.FatalTaskException;
import io.rolehost.jobs.PermanentJobException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What follows from the end of an attempt. */
final class OutcomeTest {

  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), 2, 0);

  private static Outcome.Facts facts(int attempt, boolean inPlace, boolean stopAsked) {
    return new Outcome.Facts(
        attempt, 3, BACKOFF, List.of(IllegalArgumentException.class), inPlace, stopAsked, 0);
  }

  private static Outcome after(Throwable failure, Outcome.Facts facts) {
    return Outcome.of(new Ending.Threw(failure), facts);
  }

  @Test
  void failure_beforeTheLastAttempt_isTriedAgainAfterItsBackoff() {
    IOException failure = new IOException("away");
    assertEquals(
        new Outcome.Again(Duration.ofSeconds(1), failure.toString()),
        after(failure, facts(1, false, false)));
    assertEquals(
        new Outcome.Again(Duration.ofSeconds(2), failure.toString()),
        after(failure, facts(2, false, false)));
    assertEquals(
        new Outcome.AgainInPlace(Duration.ofSeconds(2), failure.toString()),
        after(failure, facts(2, true, false)));
  }

  @Test
  void failure_ofTheLastAttempt_isADeadLetter() {
    assertEquals(
        new Outcome.Dead(Outcome.Reason.ATTEMPTS_SPENT, "java.io.IOException: away"),
        after(new IOException("away"), facts(3, true, false)));
  }

  @Test
  void permanentFailure_ofTheFirstAttempt_isADeadLetter() {
    for (Exception failure :
        List.of(new PermanentJobException("no"), new NumberFormatException("no"))) {
      assertEquals(
          new Outcome.Dead(Outcome.Reason.PERMANENT, failure.toString()),
          after(failure, facts(1, false, false)));
    }
  }

  @Test
  void failure_atAStop_isGivenBack() {
    assertEquals(new Outcome.GiveBack(), after(new IOException(), facts(3, false, true)));
    assertEquals(new Outcome.GiveBack(), Outcome.of(new Ending.Stopped(), facts(1, false, true)));
    assertEquals(
        new Outcome.GiveBack(),
        Outcome.of(new Ending.TimedOut(Duration.ofSeconds(1)), facts(1, false, true)));
  }

  @Test
  void returned_atAStop_isDone() {
    assertEquals(new Outcome.Done(), Outcome.of(new Ending.Returned(), facts(1, false, true)));
  }

  @Test
  void timeout_isAFailure() {
    assertEquals(
        new Outcome.Again(Duration.ofSeconds(1), "broken off at its deadline after PT5S"),
        Outcome.of(new Ending.TimedOut(Duration.ofSeconds(5)), facts(1, false, false)));
  }

  @Test
  void failureThatEndsTheRole_countsEvenAtAStop() {
    for (RuntimeException failure :
        List.of(
            new CorruptionException("c"),
            new FatalTaskException("f"),
            new IllegalStateException(new CorruptionException("inside")))) {
      assertEquals(
          new Outcome.Again(Duration.ZERO, failure.toString()),
          after(failure, facts(1, true, true)));
      assertEquals(
          new Outcome.Dead(Outcome.Reason.ATTEMPTS_SPENT, failure.toString()),
          after(failure, facts(3, true, true)));
    }
  }

  @Test
  void selector_textWithQuotesAndWildcards_isTakenLiterally() {
    assertEquals(
        "rh_dead_at < 5 AND JMSType = 'a''b' AND rh_error LIKE '%50!%!_%' ESCAPE '!'",
        new Selection.Matching("a'b", "50%_").selector(5));
  }

  @Test
  void groupOrder_lowerNumberOfTheSameSender_isOvertaken() {
    GroupOrder order = new GroupOrder();
    assertEquals(true, order.inOrder("g", new Letter.Order("s", 2)));
    assertEquals(true, order.inOrder("g", new Letter.Order("s", 2)));
    assertEquals(true, order.inOrder("g", new Letter.Order("t", 1)));
    assertEquals(true, order.inOrder("h", new Letter.Order("s", 1)));
    assertEquals(false, order.inOrder("g", new Letter.Order("s", 1)));
    assertEquals(true, order.inOrder("g", new Letter.Order("s", 3)));
  }
}
