package io.rolehost.runtime.supervision;

import io.rolehost.api.Restart;
import io.rolehost.api.Task;
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
      case FAILED, HUNG ->
          task.restart() == Restart.TEMPORARY
              ? new Decision.Over(TaskHandle.State.FAILED)
              : again(name, task, history, end, now, random);
    };
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
    History known = history.within(nanos(budget.window()), now);
    if (end.healthyNanos() >= nanos(stableAfter(task))) {
      known = known.healthy();
    }
    boolean hung = end.kind() == AttemptEnd.Kind.HUNG;
    if (hung && known.hungBefore()) {
      return new Decision.Escalate(
          Escalation.Kind.HANG,
          ("Task \"%s\" hung, was replaced, and its replacement hung too: %s. See the stacks in the"
                  + " log, or raise the limits of Task.hang.")
              .formatted(name, end.text()));
    }
    if (known.restarts().size() >= budget.restarts()) {
      return new Decision.Escalate(Escalation.Kind.BUDGET, spentText(name, budget, end));
    }
    Duration delay = task.backoff().delay(known.failuresInRow() + 1, random);
    return new Decision.Again(delay, known.plusRestart(now + nanos(delay), hung));
  }

  private static String spentText(String name, Task.Budget budget, AttemptEnd end) {
    String last = end.kind() == AttemptEnd.Kind.RETURNED ? returnedText(name) : end.text();
    return ("Task \"%s\" spent its budget of %d restarts in %s; the role ends. Last failure: %s"
            + " Cure that, or change Task.budget or Task.backoff if the task has to bear more.")
        .formatted(name, budget.restarts(), text(budget.window()), sentence(last));
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
