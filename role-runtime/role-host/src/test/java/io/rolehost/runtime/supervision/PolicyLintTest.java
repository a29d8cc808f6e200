package io.rolehost.runtime.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Backoff;
import io.rolehost.api.CorruptionException;
import io.rolehost.api.OnFailure;
import io.rolehost.api.Restart;
import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PolicyLintTest {

  private static final Task TASK = Task.named("resize").body(_ -> {});

  private static List<String> lint(Task task) {
    return PolicyLint.problems("resize", task, false, Optional.of(Duration.ofSeconds(20)));
  }

  @Test
  void defaults_ofTasksAndGroups_pass() {
    assertEquals(List.of(), lint(TASK));
    assertEquals(List.of(), lint(TASK.budget(10, Duration.ofMinutes(5).minusNanos(1))));
    assertEquals(List.of(), lint(TASK.every(Duration.ofHours(1))));
    assertEquals(List.of(), lint(TASK.unlimitedRestarts()));
    for (Strategy strategy : Strategy.values()) {
      assertEquals(List.of(), PolicyLint.problems("g", TaskGroup.named("g").strategy(strategy)));
    }
    assertEquals(
        List.of(), PolicyLint.problems("resize", TASK, false, Optional.of(Duration.ofSeconds(1))));
  }

  @Test
  void budget_thatTheBackoffCantSpend_isRefusedWithWhatFits() {
    Duration minute = Duration.ofMinutes(1);
    Task task = TASK.backoff(new Backoff(minute, minute, 1, 0)).budget(10, Duration.ofMinutes(5));

    assertEquals(
        List.of(
            "Task \"resize\": a budget of 10 restarts in 5 min can never be spent: the pauses (1"
                + " min up to 1 min) let through no more than 5 in that time, and it would fail for"
                + " ever. Make the budget at most 5, or its window longer than 9 min; to retry for"
                + " ever on purpose, say Task.unlimitedRestarts."),
        lint(task));
    assertEquals(List.of(), lint(task.budget(5, Duration.ofMinutes(5))));
    assertEquals(List.of(), lint(task.budget(10, Duration.ofSeconds(541))));
    assertTrue(
        PolicyLint.problems(
                "g",
                TaskGroup.named("g").backoff(new Backoff(minute, minute, 1, 0)).budget(9, minute))
            .getFirst()
            .startsWith("Group \"g\": a budget of 9 restarts in 1 min can never be spent"));
  }

  @Test
  void budget_anyThatPasses_isSpentByATaskThatFailsAtOnce_andNoneThatIsRefused() {
    for (int seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      Duration initial = Duration.ofMillis(random.nextInt(3_000));
      Backoff backoff =
          new Backoff(
              initial,
              initial.plusMillis(random.nextInt(30_000)),
              1 + random.nextInt(3),
              random.nextInt(3) / 2.0);
      Task task =
          TASK.backoff(backoff)
              .budget(1 + random.nextInt(20), Duration.ofMillis(1 + random.nextInt(120_000)));
      assertEquals(spends(task), lint(task).isEmpty(), () -> task.toString());
    }
  }

  /**
   * Whether a task whose attempts fail at once ever spends its budget, with the shortest pauses.
   */
  private static boolean spends(Task task) {
    History history = History.NONE;
    AttemptEnd end = AttemptEnd.thrown(new IOException("x"), 0);
    long now = 0;
    for (int i = 0; i < 200; i++) {
      switch (RestartPolicy.decide("t", task, history, end, now, Math.nextDown(1.0))) {
        case Decision.Again(Duration delay, History next) -> {
          history = next;
          now += delay.toNanos();
        }
        case Decision.GiveUp _ -> {
          return true;
        }
        case Decision.Over _, Decision.Escalate _ -> throw new AssertionError();
      }
    }
    return false;
  }

  @Test
  void everyOtherRule_isRefusedInASentence() {
    Duration second = Duration.ofSeconds(1);
    assertEquals(
        List.of(
            "Task \"resize\": a hard hang limit of 2880 min never trips in the life of a process;"
                + " it can be at most 1440 min. Choose a few times the longest pause between two"
                + " positions."),
        lint(TASK.hang(second, Duration.ofDays(2))));
    assertEquals(
        List.of(
            "Task \"resize\": a soft hang limit of 5 ms is shorter than one look at the task; it"
                + " must be at least 10 ms."),
        lint(TASK.hang(Duration.ofMillis(5), second)));
    assertEquals(
        List.of(
            "Task \"resize\": stopWithin 30 s, and 1 s after the interrupt, do not fit into the 20"
                + " s that a stop has for tasks. Make stopWithin at most 19 s, or"
                + " rolehost.stop.grace longer."),
        lint(TASK.stopWithin(Duration.ofSeconds(30))));
    assertEquals(2, lint(TASK.significant()).size());
    assertEquals(
        List.of(),
        PolicyLint.problems(
            "g/resize", TASK.significant().restart(Restart.TRANSIENT), true, Optional.empty()));
    assertEquals(
        List.of(
            "Task \"resize\": onFailure(CorruptionException, RESTART) never applies, the host"
                + " always answers that type the same way. Take the rule away."),
        lint(TASK.onFailure(CorruptionException.class, OnFailure.RESTART)));
  }
}
