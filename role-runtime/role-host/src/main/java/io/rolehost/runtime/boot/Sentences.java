package io.rolehost.runtime.boot;

import io.rolehost.freeze.Freeze;
import io.rolehost.runtime.lifecycle.HostEvent;
import java.time.Duration;
import java.time.Instant;

/** Says what happened, in words for an operator. Pure. */
final class Sentences {

  private Sentences() {}

  /** Returns by whom, why, since and until when what is frozen, and how to end it. */
  static String freeze(Freeze freeze, Instant now) {
    String after = freeze.auto().isPresent() ? ", then one more try" : "";
    return freeze.reason()
        + " by "
        + freeze.owner()
        + " since "
        + freeze.since()
        + freeze
            .until()
            .map(end -> ", until " + end + after + " (" + left(now, end) + " left)")
            .orElse(", until somebody ends it (rolehost unfreeze)")
        + "; scope "
        + freeze.scope()
        + (freeze.hold() ? " with hold" : "")
        + ", id "
        + freeze.id()
        + freeze.evidence().map(where -> "; see " + where).orElse("");
  }

  private static String left(Instant now, Instant end) {
    Duration left = Duration.between(now, end);
    return left.compareTo(Duration.ofMinutes(2)) < 0
        ? Math.max(0, left.toSeconds()) + " s"
        : left.toMinutes() + " min";
  }

  /** Returns one sentence without a full stop. */
  static String cause(HostEvent event) {
    return switch (event) {
      case HostEvent.ManagementUp() -> "the management plane is up";
      case HostEvent.FreezeAnswer(int check, boolean frozen) ->
          frozen ? "frozen at check " + check : "not frozen at check " + check;
      case HostEvent.StartupTasksDone() -> "the startup tasks are done";
      case HostEvent.PrepareFailed(var cause) -> cause.text();
      case HostEvent.ConfigReloaded() -> "the configuration is settled";
      case HostEvent.StartReturned(boolean accepted) -> "onStart returned " + accepted;
      case HostEvent.StartFailed(var cause) -> cause.text();
      case HostEvent.ApplicationStarted(boolean serves) ->
          serves ? "started, the listeners are open" : "started";
      case HostEvent.ApplicationFailed(var cause) -> cause.text();
      case HostEvent.RunReturned() -> "run returned";
      case HostEvent.RunFailed(var cause) -> cause.text();
      case HostEvent.BusyChanged(boolean busy) ->
          busy ? "a busy lease is open or a gating task is down" : "no lease, all gating tasks up";
      case HostEvent.SuspectChanged(boolean suspect) ->
          suspect ? "a task makes no progress" : "every task makes progress";
      case HostEvent.StopAsked(var cause) -> cause.text();
      case HostEvent.SignalReceived(var name) -> "signal " + name;
      case HostEvent.ExitCalled(int status, _) -> "the role called System.exit(" + status + ")";
      case HostEvent.ExtensionAsked(long nanos) ->
          "the stop asked for " + nanos / 1_000_000 + " ms more";
      case HostEvent.DrainDone() -> "the drain is done";
      case HostEvent.StepDone(var step, boolean failed) ->
          "the step " + step + (failed ? " failed" : " is done");
      case HostEvent.TasksLeft(int abandoned) ->
          abandoned == 0 ? "all tasks have left" : abandoned + " tasks were left behind";
      case HostEvent.TimerFired(var timer) -> "the timer " + timer + " is due";
      case HostEvent.VmErrorThrown(var text) -> text;
    };
  }
}
