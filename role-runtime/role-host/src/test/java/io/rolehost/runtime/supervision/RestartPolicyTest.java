package io.rolehost.runtime.supervision;

import static io.rolehost.runtime.supervision.RestartPolicy.decide;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Backoff;
import io.rolehost.api.CorruptionException;
import io.rolehost.api.FatalTaskException;
import io.rolehost.api.PermanentFailureException;
import io.rolehost.api.Restart;
import io.rolehost.api.Task;
import io.rolehost.api.TaskHandle.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RestartPolicyTest {

  private static final long SECOND = 1_000_000_000L;
  private static final Task TASK = Task.named("resize").body(_ -> {});
  private static final AttemptEnd BOOM = AttemptEnd.thrown(new IOException("boom"), 0);

  @Test
  void decide_everyRestartAndEnd_followsTheTable() {
    List<String> table = new ArrayList<>();
    for (Restart restart : Restart.values()) {
      for (AttemptEnd.Kind kind : AttemptEnd.Kind.values()) {
        Decision decision =
            decide("t", TASK.restart(restart), History.NONE, new AttemptEnd(kind, "x", 0), 0, 0);
        table.add(
            restart
                + " "
                + kind
                + ": "
                + switch (decision) {
                  case Decision.Again _ -> "again";
                  case Decision.Over(State state) -> state.toString();
                  case Decision.GiveUp(Escalation.Kind why, String _, String _) -> "? " + why;
                  case Decision.Escalate(Escalation.Kind why, String _) -> "! " + why;
                });
      }
    }

    assertEquals(
        List.of(
            "PERMANENT RETURNED: again",
            "PERMANENT FAILED: again",
            "PERMANENT FINAL: FAILED",
            "PERMANENT HUNG: again",
            "PERMANENT FATAL: ! FATAL",
            "PERMANENT PERMANENT: ! PERMANENT",
            "PERMANENT CORRUPTION: ! CORRUPTION",
            "PERMANENT VM_ERROR: ! VM_ERROR",
            "TRANSIENT RETURNED: DONE",
            "TRANSIENT FAILED: again",
            "TRANSIENT FINAL: FAILED",
            "TRANSIENT HUNG: again",
            "TRANSIENT FATAL: ! FATAL",
            "TRANSIENT PERMANENT: ! PERMANENT",
            "TRANSIENT CORRUPTION: ! CORRUPTION",
            "TRANSIENT VM_ERROR: ! VM_ERROR",
            "TEMPORARY RETURNED: DONE",
            "TEMPORARY FAILED: FAILED",
            "TEMPORARY FINAL: FAILED",
            "TEMPORARY HUNG: FAILED",
            "TEMPORARY FATAL: ! FATAL",
            "TEMPORARY PERMANENT: ! PERMANENT",
            "TEMPORARY CORRUPTION: ! CORRUPTION",
            "TEMPORARY VM_ERROR: ! VM_ERROR"),
        table);
  }

  @Test
  void decide_randomLives_neverStartsMoreOftenThanGranted() {
    for (int seed = 0; seed < 5_000; seed++) {
      String life = "seed " + seed;
      Random random = new Random(seed);
      int granted = random.nextInt(6);
      long window = 1 + random.nextLong(100 * SECOND);
      Duration initial = Duration.ofNanos(random.nextLong(5 * SECOND));
      Backoff backoff =
          new Backoff(
              initial,
              initial.plusNanos(random.nextLong(60 * SECOND)),
              1 + random.nextDouble() * 3,
              random.nextDouble());
      Task task = TASK.backoff(backoff).budget(granted, Duration.ofNanos(window));
      History history = History.NONE;
      List<Long> starts = new ArrayList<>();
      long now = 0;
      for (int attempt = 0; attempt < 60; attempt++) {
        long ran = random.nextInt(4) == 0 ? random.nextLong(3 * window) : random.nextLong(SECOND);
        now += ran;
        AttemptEnd end =
            random.nextBoolean() ? AttemptEnd.returned(ran) : new AttemptEnd(BOOM.kind(), "", ran);
        if (!(decide("t", task, history, end, now, random.nextDouble())
            instanceof Decision.Again(Duration delay, History next))) {
          break;
        }
        assertTrue(!delay.isNegative() && delay.compareTo(backoff.cap()) <= 0, life);
        assertTrue(next.restarts().size() <= granted, life);
        history = next;
        now += delay.toNanos();
        starts.add(now);
        long from = now - window;
        long inWindow = starts.stream().filter(at -> at > from).count();
        assertTrue(inWindow <= granted, () -> life + ": " + starts + " in " + window);
      }
    }
  }

  @Test
  void decide_failuresInRow_growUpToTheCap() {
    Task task =
        TASK.backoff(Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(5)))
            .budget(5, Duration.ofMinutes(1));
    List<Object> delays = new ArrayList<>();
    History history = History.NONE;
    while (decide("t", task, history, BOOM, 0, 0)
        instanceof Decision.Again(Duration delay, History next)) {
      delays.add(delay.toSeconds());
      history = next;
    }

    assertEquals(List.of(1L, 2L, 4L, 5L, 5L), delays);
  }

  @Test
  void decide_longHealthyRun_startsTheBackoffAfresh() {
    Task task = TASK.backoff(Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(60)));
    History grown = new History(4, List.of(0L), false);
    long window = 300 * SECOND;

    assertEquals(
        new Decision.Again(Duration.ofSeconds(1), new History(1, List.of(window + SECOND), false)),
        decide("t", task, grown, AttemptEnd.returned(window), window, 0));
    assertEquals(
        new Decision.Again(
            Duration.ofSeconds(16), new History(5, List.of(0L, window - 1 + 16 * SECOND), false)),
        decide("t", task, grown, AttemptEnd.returned(window - 1), window - 1, 0));
  }

  /** A window shorter than the longest pause would forget what it waits for. */
  @Test
  void decide_windowShorterThanTheCap_isStableOnlyAfterTheCap() {
    Task task =
        TASK.backoff(Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(60)).jitter(0))
            .budget(1, Duration.ofMillis(100));
    History grown = new History(4, List.of(), false);
    List<Object> delays = new ArrayList<>();
    for (long worked : List.of(SECOND, 60 * SECOND - 1, 60 * SECOND)) {
      delays.add(
          assertInstanceOf(
                  Decision.Again.class,
                  decide("t", task, grown, AttemptEnd.returned(worked), worked, 0))
              .delay()
              .toSeconds());
    }
    assertEquals(List.of(16L, 16L, 1L), delays);
  }

  @Test
  void decide_budgetSpent_saysTaskBudgetFailureAndNextStep() {
    Task task = TASK.budget(0, Duration.ofMinutes(5));

    Decision.GiveUp spent =
        assertInstanceOf(Decision.GiveUp.class, decide("resize", task, History.NONE, BOOM, 0, 0));
    assertEquals(Escalation.Kind.BUDGET, spent.kind());
    assertEquals(
        "Task \"resize\" spent its budget of 0 restarts in 5 min; the role ends. Last failure:"
            + " java.io.IOException: boom. Cure that, or change Task.budget or Task.backoff if"
            + " the task has to bear more.",
        spent.why("the role ends"));
    Decision.GiveUp returned =
        assertInstanceOf(
            Decision.GiveUp.class,
            decide("resize", task, History.NONE, AttemptEnd.returned(0), 0, 0));
    assertTrue(returned.advice().contains("Restart.TRANSIENT"), returned.advice());
  }

  @Test
  void decide_replacementHangsToo_escalates_butNotAfterAnotherFailureOrAHealthyRun() {
    AttemptEnd hang = AttemptEnd.hung("stood still", 0);
    Decision.Again once =
        assertInstanceOf(Decision.Again.class, decide("t", TASK, History.NONE, hang, 0, 0));

    Decision.Escalate twice =
        assertInstanceOf(
            Decision.Escalate.class, decide("t", TASK, once.history(), hang, SECOND, 0));
    assertEquals(Escalation.Kind.HANG, twice.kind());
    Decision.Again failed =
        assertInstanceOf(Decision.Again.class, decide("t", TASK, once.history(), BOOM, SECOND, 0));
    assertInstanceOf(
        Decision.Again.class, decide("t", TASK, failed.history(), hang, 2 * SECOND, 0));
    assertInstanceOf(
        Decision.Again.class,
        decide("t", TASK, once.history(), AttemptEnd.hung("x", 300 * SECOND), 400 * SECOND, 0));
  }

  @Test
  void decide_sameFailureThreeTimes_jumpsToTheCap_andANewOneStartsTheCountAfresh() {
    Task task = TASK.backoff(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), 2, 0));
    AttemptEnd same = BOOM.like(FailurePrint.of(false, new IOException("a"))).proven(true);
    AttemptEnd other = BOOM.like(FailurePrint.of(true, new IOException("a"))).proven(true);
    List<Long> seconds = new ArrayList<>();
    History history = History.NONE;
    for (AttemptEnd end : List.of(same, same, other, same, same, same, same, other)) {
      Decision.Again again =
          assertInstanceOf(Decision.Again.class, decide("t", task, history, end, 0, 0));
      seconds.add(again.delay().toSeconds());
      history = again.history();
    }
    assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 60L, 60L, 60L), seconds);
  }

  @Test
  void decide_sameFailureThreeTimes_givesUpOnlyIfItHasNeverWorked() {
    AttemptEnd end = BOOM.like(FailurePrint.of(false, new IOException("a")));
    History twice = History.NONE;
    for (int i = 0; i < 2; i++) {
      twice = assertInstanceOf(Decision.Again.class, decide("t", TASK, twice, end, 0, 0)).history();
    }

    Decision.GiveUp third =
        assertInstanceOf(Decision.GiveUp.class, decide("t", TASK, twice, end, 0, 0));
    assertEquals(
        "Task \"t\" failed 3 times in a row in the same way and has never worked; the role ends."
            + " Last failure: java.io.IOException: boom. Another attempt would fail again; cure"
            + " that, or have the task report progress once it works.",
        third.why("the role ends"));
    for (Task spared :
        List.of(
            TASK.budget(4, Duration.ofMinutes(1)),
            TASK.unlimitedRestarts(),
            TASK.every(Duration.ofSeconds(1)))) {
      assertInstanceOf(Decision.Again.class, decide("t", spared, twice, end, 0, 0));
    }
    assertInstanceOf(Decision.Again.class, decide("t", TASK, twice, end.proven(true), 0, 0));
    AttemptEnd other = BOOM.like(FailurePrint.of(false, new IllegalStateException("b")));
    assertInstanceOf(Decision.Again.class, decide("t", TASK, twice, other, 0, 0));
  }

  @Test
  void decide_dependencyDownForAMinute_isSurvivedByTheDefaults() {
    for (int seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      AttemptEnd down = BOOM.like(FailurePrint.of(false, new IOException("down"))).proven(true);
      History history = History.NONE;
      long now = 0;
      while (now < 60 * SECOND) {
        Decision.Again again =
            assertInstanceOf(
                Decision.Again.class,
                decide("t", TASK, history, down, now, random.nextDouble()),
                "seed " + seed);
        history = again.history();
        now += again.delay().toNanos();
      }
    }
  }

  @Test
  void kindOf_throwableOrItsCauses_isTheGravest() {
    Exception ring = new Exception("a");
    ring.initCause(new Exception("b", ring));

    assertEquals(
        List.of(
            AttemptEnd.Kind.FAILED,
            AttemptEnd.Kind.FAILED,
            AttemptEnd.Kind.FATAL,
            AttemptEnd.Kind.PERMANENT,
            AttemptEnd.Kind.CORRUPTION,
            AttemptEnd.Kind.CORRUPTION,
            AttemptEnd.Kind.VM_ERROR,
            AttemptEnd.Kind.VM_ERROR,
            AttemptEnd.Kind.FAILED),
        java.util.stream.Stream.of(
                new IOException("x"),
                new StackOverflowError(),
                new FatalTaskException("x"),
                new PermanentFailureException("x"),
                new CorruptionException("x"),
                new FatalTaskException("x", new CorruptionException("y")),
                new OutOfMemoryError(),
                new CorruptionException("x", new IOException(new InternalError())),
                ring)
            .map(AttemptEnd::kindOf)
            .toList());
  }
}
