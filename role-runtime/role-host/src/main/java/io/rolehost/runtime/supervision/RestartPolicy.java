package io.rolehost.runtime.supervision;

import io.rolehost.api.Backoff;
import io.rolehost.api.Restart;
import io.rolehost.api.Task;
import io.rolehost.api.TaskGroup;
import io.rolehost.api.TaskHandle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Decides what follows from the end of an attempt. Pure: the time and the chance are arguments.
 *
 * <p>Granted restarts are counted when they take place, not when they are decided, so that no
 * window of the budget's length ever holds more starts than granted, whatever the back-off does.
 */
final class RestartPolicy {

  /** How often in a row a failure has to look the same before it counts as no accident. */
  static final int SAME_FAILURES = 3;

  private RestartPolicy() {}

  /**
   * Decides.
   *
   * @param name of the task, for the messages
   * @param task its rules
   * @param history what the decision before returned; {@link History#NONE} at first
   * @param now in ticks
   * @param random from 0 up to, not including, 1
   */
  static Decision decide(
      String name, Task task, History history, AttemptEnd end, long now, double random) {
    return switch (end.kind()) {
      case VM_ERROR ->
          new Decision.Escalate(
              Escalation.Kind.VM_ERROR,
              "Task \"%s\" met an error of the JVM that nothing can be built on: %s"
                  .formatted(name, end.text()));
      case CORRUPTION ->
          new Decision.Escalate(
              Escalation.Kind.CORRUPTION,
              "Task \"%s\" reports corrupt state; every task was cancelled: %s"
                  .formatted(name, end.text()));
      case PERMANENT ->
          new Decision.Escalate(
              Escalation.Kind.PERMANENT,
              "Task \"%s\" says that a new start would fail again: %s".formatted(name, end.text()));
      case FATAL ->
          new Decision.Escalate(
              Escalation.Kind.FATAL,
              "Task \"%s\" failed in a way that no restart helps: %s".formatted(name, end.text()));
      case RETURNED ->
          task.restart() == Restart.PERMANENT
              ? again(name, task, history, end, now, random)
              : new Decision.Over(TaskHandle.State.DONE);
      case FINAL -> new Decision.Over(TaskHandle.State.FAILED);
      case FAILED, HUNG ->
          task.restart() == Restart.TEMPORARY
              ? new Decision.Over(TaskHandle.State.FAILED)
              : again(name, task, history, end, now, random);
    };
  }

  /**
   * Decides about a group, one of whose members gave up: it starts again as a whole, or gives up,
   * too.
   *
   * @param history of the group's own restarts
   * @param failure what the member says
   */
  static Decision decide(
      String name,
      TaskGroup rules,
      History history,
      Decision.GiveUp failure,
      long now,
      double random) {
    Task.Budget budget = rules.budget();
    History known = history.within(nanos(budget.window()), now);
    if (known.restarts().isEmpty()) {
      known = known.healthy();
    }
    if (known.restarts().size() >= budget.restarts()) {
      return new Decision.GiveUp(
          failure.kind(),
          "Group \"%s\" spent its budget of %d restarts in %s"
              .formatted(name, budget.restarts(), text(budget.window())),
          failure.what() + ". " + failure.advice());
    }
    Duration delay = rules.backoff().delay(known.failuresInRow() + 1, random);
    return new Decision.Again(delay, known.plusRestart(now + nanos(delay), false));
  }

  /** Returns the sentence that says why a normal return of a permanent task is a failure. */
  static String returnedText(String name) {
    return ("Task \"%s\" returned although it is PERMANENT and runs until it is asked to stop. If"
            + " to return is its normal end, declare it .restart(Restart.TRANSIENT).")
        .formatted(name);
  }

  /**
   * Returns how long an attempt must have worked to start the back-off afresh: the budget's window,
   * after which no restart before it is remembered either, but never less than the longest pause.
   */
  static Duration stableAfter(Task task) {
    Duration window = task.budget().window();
    Duration cap = task.backoff().cap();
    return window.compareTo(cap) >= 0 ? window : cap;
  }

  private static Decision again(
      String name, Task task, History history, AttemptEnd end, long now, double random) {
    Task.Budget budget = task.budget();
    boolean unlimited = budget.restarts() == Task.Budget.UNLIMITED;
    History known = history.within(nanos(budget.window()), now);
    if (end.healthyNanos() >= nanos(stableAfter(task))) {
      known = known.healthy();
    }
    known = known.failedLike(end.print());
    boolean hung = end.kind() == AttemptEnd.Kind.HUNG;
    if (hung && known.hungBefore()) {
      return new Decision.Escalate(
          Escalation.Kind.HANG,
          ("Task \"%s\" hung, was replaced, and its replacement hung too: %s. See the stacks in the"
                  + " log, or raise the limits of Task.hang.")
              .formatted(name, end.text()));
    }
    boolean same = known.samePrints() >= SAME_FAILURES;
    if (known.restarts().size() >= budget.restarts()) {
      return new Decision.GiveUp(
          Escalation.Kind.BUDGET,
          "Task \"%s\" spent its budget of %d restarts in %s"
              .formatted(name, budget.restarts(), text(budget.window())),
          last(name, end)
              + " Cure that, or change Task.budget or Task.backoff if the task has to bear more.");
    }
    // A budget that somebody chose is granted whole: the contract says so.
    boolean chosen = !budget.equals(Task.Budget.DEFAULT);
    if (same && !end.proven() && task.every().isEmpty() && !chosen) {
      return new Decision.GiveUp(
          Escalation.Kind.FATAL,
          "Task \"%s\" failed %d times in a row in the same way and has never worked"
              .formatted(name, known.samePrints()),
          last(name, end)
              + " Another attempt would fail again; cure that, or have the task report progress"
              + " once it works.");
    }
    Duration delay =
        same
            ? jittered(task.backoff(), random)
            : task.backoff().delay(known.failuresInRow() + 1, random);
    return new Decision.Again(
        delay, unlimited ? known.plusUncounted(hung) : known.plusRestart(now + nanos(delay), hung));
  }

  /** Returns the longest pause, varied as every other. */
  private static Duration jittered(Backoff backoff, double random) {
    return new Backoff(backoff.cap(), backoff.cap(), 1, backoff.jitter()).delay(1, random);
  }

  private static String last(String name, AttemptEnd end) {
    String last = end.kind() == AttemptEnd.Kind.RETURNED ? returnedText(name) : end.text();
    return "Last failure: " + sentence(last);
  }

  private static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
  }

  /** Renders a length of time as people write it: {@code 250 ms}, {@code 1.5 s}, {@code 5 min}. */
  static String text(Duration length) {
    long millis = length.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis % 60_000 == 0) {
      return millis / 60_000 + " min";
    }
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000.0 + " s";
  }

  /**
   * Returns {@code length} in nanoseconds; 73 years for what is longer, so that sums don't wrap.
   */
  static long nanos(Duration length) {
    return Math.min(TimeUnit.NANOSECONDS.convert(length), Long.MAX_VALUE / 4);
  }
}
