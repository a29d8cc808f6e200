package io.rolehost.runtime.lifecycle;

import static io.rolehost.runtime.lifecycle.HostState.Fact.ACCEPTED;
import static io.rolehost.runtime.lifecycle.HostState.Fact.APPLICATION_RUNS;
import static io.rolehost.runtime.lifecycle.HostState.Fact.APPLICATION_STARTED;
import static io.rolehost.runtime.lifecycle.HostState.Fact.BUILT;
import static io.rolehost.runtime.lifecycle.HostState.Fact.PREPARED;
import static io.rolehost.runtime.lifecycle.HostState.Fact.PREPARING;
import static io.rolehost.runtime.lifecycle.HostState.Fact.RUN_RUNS;
import static io.rolehost.runtime.lifecycle.HostState.Fact.SERVES;
import static io.rolehost.runtime.lifecycle.HostState.Fact.START_RUNS;
import static io.rolehost.runtime.lifecycle.HostState.Fact.TASKS_RUN;

import io.rolehost.api.StopReason;
import io.rolehost.runtime.lifecycle.HostEvent.ApplicationFailed;
import io.rolehost.runtime.lifecycle.HostEvent.ApplicationStarted;
import io.rolehost.runtime.lifecycle.HostEvent.BusyChanged;
import io.rolehost.runtime.lifecycle.HostEvent.Caller;
import io.rolehost.runtime.lifecycle.HostEvent.ConfigReloaded;
import io.rolehost.runtime.lifecycle.HostEvent.DrainDone;
import io.rolehost.runtime.lifecycle.HostEvent.ExitCalled;
import io.rolehost.runtime.lifecycle.HostEvent.ExtensionAsked;
import io.rolehost.runtime.lifecycle.HostEvent.FreezeAnswer;
import io.rolehost.runtime.lifecycle.HostEvent.ManagementUp;
import io.rolehost.runtime.lifecycle.HostEvent.PrepareFailed;
import io.rolehost.runtime.lifecycle.HostEvent.RunFailed;
import io.rolehost.runtime.lifecycle.HostEvent.RunReturned;
import io.rolehost.runtime.lifecycle.HostEvent.SignalReceived;
import io.rolehost.runtime.lifecycle.HostEvent.StartFailed;
import io.rolehost.runtime.lifecycle.HostEvent.StartReturned;
import io.rolehost.runtime.lifecycle.HostEvent.StartupTasksDone;
import io.rolehost.runtime.lifecycle.HostEvent.StepDone;
import io.rolehost.runtime.lifecycle.HostEvent.StopAsked;
import io.rolehost.runtime.lifecycle.HostEvent.SuspectChanged;
import io.rolehost.runtime.lifecycle.HostEvent.TasksLeft;
import io.rolehost.runtime.lifecycle.HostEvent.TimerFired;
import io.rolehost.runtime.lifecycle.HostEvent.VmErrorThrown;
import io.rolehost.runtime.lifecycle.HostState.Booting;
import io.rolehost.runtime.lifecycle.HostState.Draining;
import io.rolehost.runtime.lifecycle.HostState.Ended;
import io.rolehost.runtime.lifecycle.HostState.Gate;
import io.rolehost.runtime.lifecycle.HostState.Killing;
import io.rolehost.runtime.lifecycle.HostState.Life;
import io.rolehost.runtime.lifecycle.HostState.Preparing;
import io.rolehost.runtime.lifecycle.HostState.Running;
import io.rolehost.runtime.lifecycle.HostState.Starting;
import io.rolehost.runtime.lifecycle.HostState.StartingApplication;
import io.rolehost.runtime.lifecycle.HostState.Stopping;

/**
 * The transition table of a host, as a pure function of state, event and time. Every switch over
 * states and events is exhaustive and has no {@code default}: a new one does not compile before its
 * row is written.
 *
 * <p>This class holds the life up to the stop; {@link StopSequence} holds the stop.
 */
public final class Transitions {

  private final Limits limits;
  private final StopSequence stops;

  /** Creates the table for one set of limits. */
  public Transitions(Limits limits) {
    this.limits = limits;
    this.stops = new StopSequence(limits);
  }

  /**
   * Returns what follows from {@code event}; the same state and no effects if it changes nothing.
   *
   * @param now monotonic nanoseconds
   * @throws IllegalTransitionException if the event can't happen in {@code from}
   */
  public Step next(HostState from, HostEvent event, long now) {
    if (event instanceof VmErrorThrown(var text) && !(from instanceof Ended)) {
      return Step.to(
          new Killing(ExitCode.VM_ERROR, text, StopReason.RUN_FAILED),
          new Effect.Halt(ExitCode.VM_ERROR));
    }
    return switch (from) {
      case Booting state -> booting(state, event, now);
      case Gate state -> gate(state, event, now);
      case Preparing state -> preparing(state, event, now);
      case Starting state -> starting(state, event, now);
      case StartingApplication state -> startingApplication(state, event, now);
      case Running state -> running(state, event, now);
      case Draining state -> stops.draining(state, event, now);
      case Stopping state -> stops.stopping(state, event, now);
      case Killing _ -> Step.to(from);
      case Ended state -> stops.ended(state, event, now);
    };
  }

  private Step booting(Booting from, HostEvent event, long now) {
    return switch (event) {
      case ManagementUp() -> Step.to(new Gate(1, false), new Effect.CheckFreeze(1));
      case PrepareFailed(var cause) -> stops.begin(cause, Life.of(), now);
      case StopAsked _, SignalReceived _, ExitCalled _ -> asked(event, Life.of(), now);
      case FreezeAnswer _, BusyChanged _, SuspectChanged _, ExtensionAsked _, TimerFired _ ->
          Step.to(from);
      case StartupTasksDone _,
          ConfigReloaded _,
          StartReturned _,
          StartFailed _,
          ApplicationStarted _,
          ApplicationFailed _,
          RunReturned _,
          RunFailed _,
          DrainDone _,
          StepDone _,
          TasksLeft _,
          VmErrorThrown _ ->
          throw new IllegalTransitionException(from, event);
    };
  }

  private Step gate(Gate from, HostEvent event, long now) {
    return switch (event) {
      case FreezeAnswer(int check, boolean frozen) -> {
        if (check != from.check() || (frozen && from.held())) {
          yield Step.to(from);
        }
        yield frozen ? Step.to(new Gate(check, true)) : pass(check, now);
      }
      case StopAsked _, SignalReceived _, ExitCalled _ -> asked(event, lifeAt(from), now);
      case BusyChanged _, SuspectChanged _, ExtensionAsked _, TimerFired _ -> Step.to(from);
      case ManagementUp _,
          StartupTasksDone _,
          PrepareFailed _,
          ConfigReloaded _,
          StartReturned _,
          StartFailed _,
          ApplicationStarted _,
          ApplicationFailed _,
          RunReturned _,
          RunFailed _,
          DrainDone _,
          StepDone _,
          TasksLeft _,
          VmErrorThrown _ ->
          throw new IllegalTransitionException(from, event);
    };
  }

  private Step pass(int check, long now) {
    return switch (check) {
      case 1 -> Step.to(new Preparing(), new Effect.RunStartupTasks());
      case 2 -> Step.to(new Starting(), new Effect.StartRole(), startTimeout(now));
      case 3 ->
          Step.to(new StartingApplication(), new Effect.StartApplication(), startTimeout(now));
      default -> throw new IllegalArgumentException("There is no freeze check " + check);
    };
  }

  private static Life lifeAt(Gate gate) {
    return switch (gate.check()) {
      case 1 -> Life.of();
      case 2 -> Life.of(PREPARED);
      default -> Life.of(PREPARED, BUILT, ACCEPTED, TASKS_RUN);
    };
  }

  private Step preparing(Preparing from, HostEvent event, long now) {
    return switch (event) {
      case StartupTasksDone() -> Step.to(from, new Effect.ReloadConfig());
      case ConfigReloaded() -> Step.to(new Gate(2, false), new Effect.CheckFreeze(2));
      case PrepareFailed(var cause) -> stops.begin(cause, Life.of(PREPARED), now);
      case StopAsked _, SignalReceived _, ExitCalled _ ->
          asked(event, Life.of(PREPARED, PREPARING), now);
      case FreezeAnswer _, BusyChanged _, SuspectChanged _, ExtensionAsked _, TimerFired _ ->
          Step.to(from);
      case ManagementUp _,
          StartReturned _,
          StartFailed _,
          ApplicationStarted _,
          ApplicationFailed _,
          RunReturned _,
          RunFailed _,
          DrainDone _,
          StepDone _,
          TasksLeft _,
          VmErrorThrown _ ->
          throw new IllegalTransitionException(from, event);
    };
  }

  private Step starting(Starting from, HostEvent event, long now) {
    return switch (event) {
      case StartReturned(boolean accepted) ->
          accepted
              ? Step.to(
                  new Gate(3, false),
                  new Effect.Disarm(Timer.START_TIMEOUT),
                  new Effect.CheckFreeze(3))
              : stops.begin(
                  StopCause.refused("onStart returned false"),
                  Life.of(PREPARED, BUILT, TASKS_RUN),
                  now);
      case StartFailed(var cause) -> stops.begin(cause, Life.of(PREPARED, BUILT, TASKS_RUN), now);
      case TimerFired(var timer) when timer == Timer.START_TIMEOUT ->
          late("onStart", Life.of(PREPARED, BUILT, TASKS_RUN, START_RUNS), now);
      case StopAsked _, SignalReceived _ ->
          asked(event, Life.of(PREPARED, BUILT, TASKS_RUN, START_RUNS), now);
      case ExitCalled(_, var caller) ->
          asked(
              event,
              caller == Caller.ON_START
                  ? Life.of(PREPARED, BUILT, TASKS_RUN)
                  : Life.of(PREPARED, BUILT, TASKS_RUN, START_RUNS),
              now);
      case FreezeAnswer _, BusyChanged _, SuspectChanged _, ExtensionAsked _, TimerFired _ ->
          Step.to(from);
      case ManagementUp _,
          StartupTasksDone _,
          PrepareFailed _,
          ConfigReloaded _,
          ApplicationStarted _,
          ApplicationFailed _,
          RunReturned _,
          RunFailed _,
          DrainDone _,
          StepDone _,
          TasksLeft _,
          VmErrorThrown _ ->
          throw new IllegalTransitionException(from, event);
    };
  }

  private Step startingApplication(StartingApplication from, HostEvent event, long now) {
    return switch (event) {
      case ApplicationStarted(boolean serves) ->
          Step.to(
              new Running(false, false, serves),
              new Effect.Disarm(Timer.START_TIMEOUT),
              new Effect.Run());
      case ApplicationFailed(var cause) ->
          stops.begin(cause, Life.of(PREPARED, BUILT, ACCEPTED, TASKS_RUN, SERVES), now);
      case TimerFired(var timer) when timer == Timer.START_TIMEOUT ->
          late("onApplicationStart", inApplicationStart(), now);
      case StopAsked _, SignalReceived _ -> asked(event, inApplicationStart(), now);
      case ExitCalled(_, var caller) ->
          asked(
              event,
              caller == Caller.ON_APPLICATION_START
                  ? inApplicationStart().minus(APPLICATION_RUNS)
                  : inApplicationStart(),
              now);
      case FreezeAnswer _, BusyChanged _, SuspectChanged _, ExtensionAsked _, TimerFired _ ->
          Step.to(from);
      case ManagementUp _,
          StartupTasksDone _,
          PrepareFailed _,
          ConfigReloaded _,
          StartReturned _,
          StartFailed _,
          RunReturned _,
          RunFailed _,
          DrainDone _,
          StepDone _,
          TasksLeft _,
          VmErrorThrown _ ->
          throw new IllegalTransitionException(from, event);
    };
  }

  private static Life inApplicationStart() {
    return Life.of(PREPARED, BUILT, ACCEPTED, TASKS_RUN, APPLICATION_RUNS, SERVES);
  }

  private Step running(Running from, HostEvent event, long now) {
    return switch (event) {
      case BusyChanged(boolean busy) -> Step.to(new Running(busy, from.suspect(), from.serves()));
      case SuspectChanged(boolean suspect) ->
          Step.to(new Running(from.busy(), suspect, from.serves()));
      case RunReturned() ->
          stops.begin(
              StopCause.runReturned(limits.returnStops()), lifeOf(from).minus(RUN_RUNS), now);
      case RunFailed(var cause) -> stops.begin(cause, lifeOf(from).minus(RUN_RUNS), now);
      case StopAsked _, SignalReceived _ -> asked(event, lifeOf(from), now);
      case ExitCalled(_, var caller) ->
          asked(event, caller == Caller.RUN ? lifeOf(from).minus(RUN_RUNS) : lifeOf(from), now);
      case FreezeAnswer _, ExtensionAsked _, TimerFired _ -> Step.to(from);
      case ManagementUp _,
          StartupTasksDone _,
          PrepareFailed _,
          ConfigReloaded _,
          StartReturned _,
          StartFailed _,
          ApplicationStarted _,
          ApplicationFailed _,
          DrainDone _,
          StepDone _,
          TasksLeft _,
          VmErrorThrown _ ->
          throw new IllegalTransitionException(from, event);
    };
  }

  private static Life lifeOf(Running running) {
    Life life = Life.of(PREPARED, BUILT, ACCEPTED, APPLICATION_STARTED, RUN_RUNS, TASKS_RUN);
    return running.serves() ? life.plus(SERVES) : life;
  }

  private Step asked(HostEvent event, Life life, long now) {
    return switch (event) {
      case StopAsked(var cause) -> stops.begin(cause, life, now);
      case SignalReceived(var name) -> stops.beginBySignal(name, life, now);
      case ExitCalled(int status, _) ->
          stops.begin(StopCause.exitCalled(status, limits.returnStops()), life, now);
      default -> throw new IllegalArgumentException("Not a request to stop: " + event);
    };
  }

  private Step late(String what, Life life, long now) {
    String why = what + " ran past rolehost.start.timeout";
    return switch (limits.startOnTimeout()) {
      case TERMINATE ->
          stops.begin(StopCause.hang(why), life, now).after(new Effect.ReportLate(why));
      case DUMP_THEN_KILL -> Step.to(killing(why), new Effect.DumpThenHalt(ExitCode.HANG, why));
      case KILL -> Step.to(killing(why), new Effect.NoteThenHalt(ExitCode.HANG, why));
    };
  }

  private static Killing killing(String why) {
    return new Killing(ExitCode.HANG, why, StopReason.HANG);
  }

  private Effect startTimeout(long now) {
    return limits.off()
        ? new Effect.Disarm(Timer.START_TIMEOUT)
        : new Effect.Arm(Timer.START_TIMEOUT, now + limits.startTimeout());
  }
}
