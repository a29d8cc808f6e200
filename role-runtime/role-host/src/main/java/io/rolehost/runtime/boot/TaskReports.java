package io.rolehost.runtime.boot;

import io.rolehost.api.TaskHandle;
import io.rolehost.runtime.journal.Journal;
import io.rolehost.runtime.lifecycle.Causes;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.StopCause;
import io.rolehost.runtime.metrics.HostMetrics;
import io.rolehost.runtime.supervision.Abandoned;
import io.rolehost.runtime.supervision.Escalation;
import io.rolehost.runtime.supervision.RestartReason;
import io.rolehost.runtime.supervision.SupervisionListener;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Tells journal, metrics and the host what the supervisor of the tasks did, which logs itself. */
final class TaskReports implements SupervisionListener {

  private final HostLoop loop;
  private final Journal journal;
  private final HostMetrics metrics;
  private final Consumer<Throwable> failure;
  private final HangDumps dumps;

  TaskReports(
      HostLoop loop,
      Journal journal,
      HostMetrics metrics,
      Consumer<Throwable> failure,
      HangDumps dumps) {
    this.loop = loop;
    this.journal = journal;
    this.metrics = metrics;
    this.failure = failure;
    this.dumps = dumps;
  }

  @Override
  public void restarted(
      String task, int attempt, Duration delay, RestartReason reason, Throwable cause) {
    metrics.taskRestarted(task, reason.name().toLowerCase(Locale.ROOT), delay);
    String text =
        "task "
            + task
            + " starts again (attempt "
            + attempt
            + ") after "
            + delay.toMillis()
            + " ms: "
            + Causes.text(cause);
    record(
        text,
        Map.of(
            "task",
            task,
            "attempt",
            attempt,
            "reason",
            reason.name(),
            "delayMillis",
            delay.toMillis(),
            "cause",
            Causes.text(cause)));
  }

  @Override
  public void hung(String task, int attempt, boolean hard, Duration standing) {
    metrics.taskHung(task);
    String limit = hard ? "hard" : "soft";
    record(
        "task "
            + task
            + " (attempt "
            + attempt
            + ") has made no progress for "
            + standing.toMillis()
            + " ms, past its "
            + limit
            + " limit",
        Map.of(
            "task",
            task,
            "attempt",
            attempt,
            "hang",
            limit,
            "standingMillis",
            standing.toMillis()));
  }

  @Override
  public void beforeCancel(String task, int attempt, String why, Runnable go) {
    dumps.before(
        task,
        why,
        folder ->
            record(
                "all threads were written down while task "
                    + task
                    + " (attempt "
                    + attempt
                    + ") hangs",
                Map.of("task", task, "attempt", attempt, "incident", folder.toString())),
        go);
  }

  @Override
  public void writeRefused(String task, int attempt) {
    record(
        "task "
            + task
            + " (attempt "
            + attempt
            + ") is over; something behind its fence was refused it",
        Map.of("task", task, "attempt", attempt));
  }

  @Override
  public void left(String task, int attempt, Duration took) {
    metrics.taskLeft(task, took);
  }

  @Override
  public void groupRestarted(String group, Duration delay, Throwable cause) {
    String text =
        "group "
            + group
            + " starts again as a whole after "
            + delay.toMillis()
            + " ms: "
            + Causes.text(cause);
    record(text, Map.of("group", group));
  }

  @Override
  public void ended(String task, TaskHandle.State state) {
    record("task " + task + " is " + state, Map.of("task", task, "state", state.name()));
  }

  @Override
  public void escalated(Escalation escalation) {
    if (escalation.kind() == Escalation.Kind.VM_ERROR) {
      Departure.vmError(escalation.cause());
      return;
    }
    failure.accept(escalation.cause());
    record(escalation.why(), Map.of("task", escalation.task(), "kind", escalation.kind().name()));
    loop.post(new HostEvent.StopAsked(causeOf(escalation)));
  }

  private static StopCause causeOf(Escalation escalation) {
    String why = escalation.why();
    return switch (escalation.kind()) {
      case CORRUPTION -> StopCause.corruption(why);
      case PERMANENT -> StopCause.permanent(why);
      case HANG -> StopCause.hang(why);
      case FATAL, BUDGET, VM_ERROR -> StopCause.taskFatal(why);
    };
  }

  @Override
  public void gatingChanged() {
    loop.factsChanged();
  }

  @Override
  public void suspectChanged(boolean suspect) {
    loop.post(new HostEvent.SuspectChanged(suspect));
  }

  @Override
  public void interrupted(String task, int attempt, List<String> stack) {
    record(
        "task " + task + " (attempt " + attempt + ") is past its limit and is interrupted",
        Map.of("task", task, "stack", stack));
  }

  @Override
  public void abandoned(Abandoned left) {
    String text =
        "task "
            + left.task()
            + " (attempt "
            + left.attempt()
            + ") did not leave within "
            + left.budget().toMillis()
            + " ms and is left behind";
    metrics.taskAbandoned(left.task());
    record(text, Map.of("task", left.task(), "attempt", left.attempt(), "stack", left.stack()));
  }

  private void record(String cause, Map<String, Object> detail) {
    String state = loop.state().name();
    var _ = journal.append("task", state, state, cause, detail);
  }
}
