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
import static io.rolehost.runtime.lifecycle.HostState.Fact.STOP_RETURNED;
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
import io.rolehost.runtime.lifecycle.HostState.Draining;
import io.rolehost.runtime.lifecycle.HostState.Ended;
import io.rolehost.runtime.lifecycle.HostState.Fact;
import io.rolehost.runtime.lifecycle.HostState.Killing;
import io.rolehost.runtime.lifecycle.HostState.Life;
import io.rolehost.runtime.lifecycle.HostState.Signals;
import io.rolehost.runtime.lifecycle.HostState.Stop;
import io.rolehost.runtime.lifecycle.HostState.Stopping;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stop, as a pure function: drain, then one {@link StopStep} after another, each with its share
 * of the one deadline. A stop is never taken back and never broken off; what does not answer is
 * left behind, named, and makes the exit code 84.
 */
final class StopSequence {

  private final Limits limits;

  StopSequence(Limits limits) {
    this.limits = limits;
  }

  /** Begins a stop from a life that got as far as {@code life}. */
  Step begin(StopCause cause, Life life, long now) {
    return begin(cause, life, Signals.NONE, now);
  }

  /** Begins a stop that a signal asked for. */
  Step beginBySignal(String name, Life life, long now) {
    return begin(
        StopCause.signal(name), life, new Signals(name.equals("INT") ? 1 : 0, true, now), now);
  }

  private Step begin(StopCause cause, Life life, Signals signals, long now) {
    long grace =
        cause.graceNanos() > 0 ? Math.min(cause.graceNanos(), limits.grace()) : limits.grace();
    long hardCap = cause.graceNanos() > 0 ? grace : limits.hardCap();
    DeadlineLedger ledger = DeadlineLedger.open(now, grace, hardCap, limits.killReserve());
    Stop stop = new Stop(cause, cause.code(), ledger, life, signals, now);
    List<Effect> effects = new ArrayList<>();
    effects.add(new Effect.Disarm(Timer.START_TIMEOUT));
    effects.add(deadline(stop));
    if (cause.reason() == StopReason.CORRUPTION) {
      effects.add(new Effect.CancelTasks());
    }
    if (cause.drains() && life.has(SERVES) && life.has(APPLICATION_STARTED)) {
      effects.add(new Effect.Drain(ledger.drainEnd()));
      effects.add(new Effect.Arm(Timer.DRAIN_END, ledger.drainEnd()));
      return new Step(new Draining(stop), effects);
    }
    return enter(StopStep.STARTUP_TASKS, stop, effects, now);
  }

  Step draining(Draining from, HostEvent event, long now) {
    Stop stop = from.stop();
    return switch (event) {
      case DrainDone() -> enter(StopStep.STARTUP_TASKS, stop, new ArrayList<>(), now);
      case TimerFired(var timer) ->
          switch (timer) {
            case DRAIN_END -> enter(StopStep.STARTUP_TASKS, stop, new ArrayList<>(), now);
            case DEADLINE -> overrun(stop, null, now);
            case START_TIMEOUT, START_INTERRUPT, APPLICATION_END_LIMIT, RUN_INTERRUPT, RUN_FENCE ->
                Step.to(from);
          };
      case RunReturned _, RunFailed _ -> Step.to(new Draining(minus(stop, RUN_RUNS)));
      case ExitCalled(_, var caller) ->
          Step.to(new Draining(caller == Caller.RUN ? minus(stop, RUN_RUNS) : stop));
      case TasksLeft(int abandoned) -> tasksLeft(stop, abandoned, new Draining(stop), now);
      case StopAsked(var cause) -> askedAgain(from, stop, cause, now);
      case SignalReceived(var name) -> signalledAgain(stop, name, now, null);
      case ExtensionAsked(long nanos) -> extended(stop, nanos, now, null);
      case BusyChanged _, SuspectChanged _, FreezeAnswer _ -> Step.to(from);
      case ManagementUp _,
          StartupTasksDone _,
          PrepareFailed _,
          ConfigReloaded _,
          StartReturned _,
          StartFailed _,
          ApplicationStarted _,
          ApplicationFailed _,
          StepDone _,
          VmErrorThrown _ ->
          throw new IllegalTransitionException(from, event);
    };
  }

  /** A corruption that is found during a drain ends the drain, and keeps the first cause. */
  private Step askedAgain(Draining from, Stop stop, StopCause cause, long now) {
    if (cause.drains()) {
      return Step.to(from);
    }
    List<Effect> effects = new ArrayList<>();
    if (cause.reason() == StopReason.CORRUPTION) {
      effects.add(new Effect.CancelTasks());
    }
    return enter(StopStep.STARTUP_TASKS, stop, effects, now);
  }

  Step stopping(Stopping from, HostEvent event, long now) {
    Stop stop = from.stop();
    StopStep step = from.step();
    return switch (event) {
      case StepDone(var done, boolean failed) -> {
        Stop after = failed && stop.code() == ExitCode.OK ? stop.withCode(ExitCode.FAILED) : stop;
        yield done == step ? stepDone(after, step, now) : Step.to(new Stopping(after, step));
      }
      case StartupTasksDone _, PrepareFailed _, ConfigReloaded _ ->
          moveOn(minus(stop, PREPARING), step, StopStep.STARTUP_TASKS, now);
      case StartReturned(boolean accepted) -> {
        Stop after = minus(stop, START_RUNS);
        yield moveOn(
            accepted ? after.with(after.life().plus(ACCEPTED)) : after, step, StopStep.START, now);
      }
      case StartFailed _ -> moveOn(minus(stop, START_RUNS), step, StopStep.START, now);
      case ApplicationStarted(boolean serves) -> {
        Life life = stop.life().minus(APPLICATION_RUNS).plus(APPLICATION_STARTED);
        yield moveOn(
            stop.with(serves ? life.plus(SERVES) : life.minus(SERVES)), step, StopStep.START, now);
      }
      case ApplicationFailed _ -> moveOn(minus(stop, APPLICATION_RUNS), step, StopStep.START, now);
      case RunReturned _, RunFailed _ -> moveOn(minus(stop, RUN_RUNS), step, StopStep.WORK, now);
      case TasksLeft(int abandoned) -> tasksLeft(stop, abandoned, from, now);
      case ExitCalled(_, var caller) -> exitCalled(stop, step, caller, now);
      case TimerFired(var timer) -> timerFired(from, stop, step, timer, now);
      case SignalReceived(var name) -> signalledAgain(stop, name, now, step);
      case ExtensionAsked(long nanos) -> extended(stop, nanos, now, step);
      case ManagementUp _,
          StopAsked _,
          DrainDone _,
          BusyChanged _,
          SuspectChanged _,
          FreezeAnswer _ ->
          Step.to(from);
      case VmErrorThrown _ -> throw new IllegalTransitionException(from, event);
    };
  }

  /** The thread that called exit never comes back, so what it was doing counts as ended. */
  private Step exitCalled(Stop stop, StopStep step, Caller caller, long now) {
    return switch (caller) {
      case ON_START -> moveOn(minus(stop, START_RUNS), step, StopStep.START, now);
      case ON_APPLICATION_START -> moveOn(minus(stop, APPLICATION_RUNS), step, StopStep.START, now);
      case RUN -> moveOn(minus(stop, RUN_RUNS), step, StopStep.WORK, now);
      case ON_APPLICATION_END ->
          step == StopStep.APPLICATION_END
              ? stepDone(stop, step, now)
              : Step.to(new Stopping(stop, step));
      case ON_STOP ->
          step == StopStep.ON_STOP ? stepDone(stop, step, now) : Step.to(new Stopping(stop, step));
      case CLOSE ->
          step == StopStep.RESOURCES
              ? stepDone(stop, step, now)
              : Step.to(new Stopping(stop, step));
      case OTHER -> Step.to(new Stopping(stop, step));
    };
  }

  private Step timerFired(Stopping from, Stop stop, StopStep step, Timer timer, long now) {
    return switch (timer) {
      case DEADLINE -> overrun(stop, step, now);
      case START_INTERRUPT ->
          step == StopStep.START ? Step.to(from, new Effect.InterruptStart()) : Step.to(from);
      case DRAIN_END -> step == StopStep.LISTENERS ? stepDone(stop, step, now) : Step.to(from);
      case APPLICATION_END_LIMIT ->
          step == StopStep.APPLICATION_END
              ? leftBehind(stop, "onApplicationEnd", StopStep.APPLICATION_END, now)
              : Step.to(from);
      case RUN_INTERRUPT ->
          stop.life().has(RUN_RUNS)
              ? Step.to(
                  from,
                  new Effect.InterruptRun(),
                  new Effect.Arm(Timer.RUN_FENCE, now + Limits.AFTER_INTERRUPT))
              : Step.to(from);
      case RUN_FENCE -> {
        if (!stop.life().has(RUN_RUNS)) {
          yield Step.to(from);
        }
        Stop fenced = minus(stop, RUN_RUNS).withCode(ExitCode.FORCED);
        yield moveOn(fenced, step, StopStep.WORK, now).after(new Effect.ReportLeftBehind("run"));
      }
      case START_TIMEOUT -> Step.to(from);
    };
  }

  private Step leftBehind(Stop stop, String what, StopStep step, long now) {
    return stepDone(stop.withCode(ExitCode.FORCED), step, now)
        .after(new Effect.ReportLeftBehind(what));
  }

  private Step tasksLeft(Stop stop, int abandoned, HostState from, long now) {
    Stop after = minus(stop, TASKS_RUN);
    Stop coded = abandoned > 0 ? after.withCode(ExitCode.FORCED) : after;
    return from instanceof Stopping(_, var step)
        ? moveOn(coded, step, StopStep.WORK, now)
        : Step.to(new Draining(coded));
  }

  /** Takes note of {@code stop}; goes on if the sequence was waiting in {@code waiting} for it. */
  private Step moveOn(Stop stop, StopStep step, StopStep waiting, long now) {
    return step == waiting && isDone(step, stop.life())
        ? enterNext(step, stop, new ArrayList<>(), now)
        : Step.to(new Stopping(stop, step));
  }

  private Step stepDone(Stop stop, StopStep step, long now) {
    List<Effect> effects = new ArrayList<>();
    Stop after =
        switch (step) {
          case STARTUP_TASKS -> minus(stop, PREPARING);
          case LISTENERS -> minus(stop, SERVES);
          case APPLICATION_END -> minus(stop, APPLICATION_STARTED);
          case ON_STOP -> stop.with(stop.life().plus(STOP_RETURNED));
          case START, WORK, FOREGROUND, RESOURCES, LEAVE -> stop;
        };
    if (step == StopStep.ON_STOP && after.life().has(RUN_RUNS)) {
      effects.add(runInterrupt(after, now));
    }
    return isDone(step, after.life())
        ? enterNext(step, after, effects, now)
        : new Step(new Stopping(after, step), effects);
  }

  private Step enterNext(StopStep step, Stop stop, List<Effect> effects, long now) {
    return step == StopStep.LEAVE
        ? new Step(new Ended(stop), plus(effects, new Effect.Exit(stop.code())))
        : enter(step.next(), stop, effects, now);
  }

  /** Enters {@code step}, or the first after it that has something to do. */
  private Step enter(StopStep step, Stop stop, List<Effect> effects, long now) {
    Life life = stop.life();
    DeadlineLedger ledger = stop.ledger();
    return switch (step) {
      case STARTUP_TASKS ->
          life.has(PREPARING)
              ? perform(step, stop, ledger.orderlyEnd(), effects)
              : enterNext(step, stop, effects, now);
      case START -> {
        if (isDone(step, life)) {
          yield enterNext(step, stop, effects, now);
        }
        effects.add(new Effect.CancelStart());
        effects.add(new Effect.Arm(Timer.START_INTERRUPT, ledger.half()));
        yield new Step(new Stopping(stop, step), effects);
      }
      case LISTENERS -> {
        if (!life.has(SERVES)) {
          yield enterNext(step, stop, effects, now);
        }
        long end = Math.max(ledger.drainEnd(), now);
        effects.add(new Effect.Arm(Timer.DRAIN_END, end));
        yield perform(step, stop, end, effects);
      }
      case APPLICATION_END -> {
        if (!life.has(APPLICATION_STARTED)) {
          yield enterNext(step, stop, effects, now);
        }
        long end = now + ledger.remaining(now) / 2;
        effects.add(new Effect.Arm(Timer.APPLICATION_END_LIMIT, end));
        yield perform(step, stop, end, effects);
      }
      case ON_STOP -> {
        if (!life.has(BUILT)) {
          yield enterNext(step, stop, effects, now);
        }
        Stop cancelled = stop.cancelledAt(now);
        effects.add(new Effect.CancelTokens());
        if (life.has(RUN_RUNS)) {
          effects.add(new Effect.Arm(Timer.RUN_INTERRUPT, Math.max(now, ledger.half())));
        }
        if (life.has(ACCEPTED)) {
          yield perform(step, cancelled, ledger.orderlyEnd(), effects);
        }
        yield enterNext(step, cancelled.with(life.plus(STOP_RETURNED)), effects, now);
      }
      case WORK ->
          isDone(step, life)
              ? enterNext(step, stop, effects, now)
              : new Step(new Stopping(stop, step), effects);
      case FOREGROUND ->
          // A foreground task that does not end is killed in time for what comes after it.
          life.has(PREPARED)
              ? perform(step, stop, now + ledger.remaining(now) * 3 / 4, effects)
              : enterNext(step, stop, effects, now);
      case RESOURCES ->
          life.has(BUILT)
              ? perform(step, stop, ledger.orderlyEnd(), effects)
              : enterNext(step, stop, effects, now);
      case LEAVE -> perform(step, stop, ledger.orderlyEnd(), effects);
    };
  }

  private static boolean isDone(StopStep step, Life life) {
    return switch (step) {
      case STARTUP_TASKS -> !life.has(PREPARING);
      case START -> !life.has(START_RUNS) && !life.has(APPLICATION_RUNS);
      case LISTENERS -> !life.has(SERVES);
      case APPLICATION_END -> !life.has(APPLICATION_STARTED);
      case ON_STOP -> life.has(STOP_RETURNED);
      case WORK -> !life.has(RUN_RUNS) && !life.has(TASKS_RUN);
      case FOREGROUND, RESOURCES, LEAVE -> true;
    };
  }

  private static Step perform(StopStep step, Stop stop, long endNanos, List<Effect> effects) {
    effects.add(new Effect.Perform(step, endNanos));
    return new Step(new Stopping(stop, step), effects);
  }

  /** {@code run} is interrupted once onStop is back and its limit is over, or at half the grace. */
  private static Effect runInterrupt(Stop stop, long now) {
    long limit = Math.max(now, stop.cancelledAt() + Limits.RUN_STOP_LIMIT);
    return new Effect.Arm(
        Timer.RUN_INTERRUPT, Math.max(now, Math.min(limit, stop.ledger().half())));
  }

  private Step signalledAgain(Stop stop, String name, long now, @Nullable StopStep step) {
    Stop noted = signalled(stop, name, now);
    return moved(noted.with(stop.ledger()), noted.ledger(), now, step);
  }

  /** The process exits and waits for shutdown hooks only: they too can be told to hurry. */
  Step ended(HostState.Ended from, HostEvent event, long now) {
    return event instanceof HostEvent.SignalReceived(var name)
        ? Step.to(new HostState.Ended(signalled(from.stop(), name, now)))
        : Step.to(from);
  }

  /** Takes note of a signal, and shortens what is left if it says to hurry. */
  private static Stop signalled(Stop stop, String name, long now) {
    Signals before = stop.signals();
    boolean interrupt = name.equals("INT");
    Signals after =
        new Signals(
            before.interrupts() + (interrupt ? 1 : 0), true, before.any() ? before.firstAt() : now);
    boolean urgent =
        interrupt
            ? after.interrupts() >= 2
            : before.any() && now - before.firstAt() >= Limits.SECOND_TERM_AFTER;
    Stop noted = stop.with(after);
    return urgent ? noted.with(noted.ledger().cut(now, Limits.URGENT)) : noted;
  }

  private Step extended(Stop stop, long nanos, long now, @Nullable StopStep step) {
    return moved(stop, stop.ledger().extend(now, nanos), now, step);
  }

  /** Moves the deadline, and with it the timers that are reckoned from it. */
  private Step moved(Stop stop, DeadlineLedger ledger, long now, @Nullable StopStep step) {
    if (ledger.equals(stop.ledger())) {
      return Step.to(step == null ? new Draining(stop) : new Stopping(stop, step));
    }
    Stop moved = stop.with(ledger);
    List<Effect> effects = new ArrayList<>();
    effects.add(deadline(moved));
    if (step == null) {
      // An urgent stop has no time for a drain; an extension does not lengthen one.
      return ledger.deadline() < stop.ledger().deadline()
          ? enter(StopStep.STARTUP_TASKS, moved, effects, now)
          : new Step(new Draining(moved), effects);
    }
    if (step == StopStep.START) {
      effects.add(new Effect.Arm(Timer.START_INTERRUPT, Math.max(now, ledger.half())));
    }
    if (step == StopStep.LISTENERS && ledger.drainEnd() <= now) {
      effects.add(new Effect.Arm(Timer.DRAIN_END, now));
    }
    if (step == StopStep.APPLICATION_END) {
      effects.add(new Effect.Arm(Timer.APPLICATION_END_LIMIT, now + ledger.remaining(now) / 2));
    }
    if (step.compareTo(StopStep.ON_STOP) >= 0 && moved.life().has(RUN_RUNS)) {
      effects.add(
          moved.life().has(STOP_RETURNED)
              ? runInterrupt(moved, now)
              : new Effect.Arm(Timer.RUN_INTERRUPT, Math.max(now, ledger.half())));
    }
    return new Step(new Stopping(moved, step), effects);
  }

  /**
   * @param step that was late; null = the drain. Who leaves already and is late in that is past
   *     being terminated.
   */
  private Step overrun(Stop stop, @Nullable StopStep step, long now) {
    String why =
        "the stop ("
            + stop.cause().text()
            + ") overran its deadline "
            + (step == null ? "while draining" : "in the step " + step)
            + " after "
            + (now - stop.ledger().asked()) / 1_000_000
            + " ms";
    Killing killing = new Killing(ExitCode.FORCED, why, stop.cause().reason());
    return switch (limits.stopOnTimeout()) {
      case TERMINATE ->
          step == StopStep.LEAVE
              ? Step.to(killing, new Effect.DumpThenHalt(ExitCode.FORCED, why))
              : leaveBehind(stop, why, now);
      case DUMP_THEN_KILL -> Step.to(killing, new Effect.DumpThenHalt(ExitCode.FORCED, why));
      case KILL -> Step.to(killing, new Effect.NoteThenHalt(ExitCode.FORCED, why));
    };
  }

  /** Skips to the last step, which has what is left of the kill reserve. */
  private Step leaveBehind(Stop stop, String why, long now) {
    Effect last = new Effect.Arm(Timer.DEADLINE, Math.max(now, stop.ledger().deadline()));
    return enter(
        StopStep.LEAVE,
        stop.withCode(ExitCode.FORCED),
        new ArrayList<>(List.of(new Effect.ReportLate(why), last)),
        now);
  }

  private Effect deadline(Stop stop) {
    return limits.off()
        ? new Effect.Disarm(Timer.DEADLINE)
        : new Effect.Arm(Timer.DEADLINE, stop.ledger().orderlyEnd());
  }

  private static Stop minus(Stop stop, Fact fact) {
    return stop.with(stop.life().minus(fact));
  }

  private static List<Effect> plus(List<Effect> effects, Effect effect) {
    effects.add(effect);
    return effects;
  }
}
