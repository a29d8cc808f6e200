package io.rolehost.node.machine;

import io.rolehost.node.machine.InstanceState.BackingOff;
import io.rolehost.node.machine.InstanceState.Created;
import io.rolehost.node.machine.InstanceState.Frozen;
import io.rolehost.node.machine.InstanceState.Gone;
import io.rolehost.node.machine.InstanceState.Starting;
import io.rolehost.node.machine.InstanceState.Stopped;
import io.rolehost.node.machine.InstanceState.Stopping;
import io.rolehost.node.machine.InstanceState.Then;
import io.rolehost.node.machine.InstanceState.Up;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The table of an instance on a node. A pure function; see {@link #next}. */
public final class NodeTransitions {
  private static final long KILL_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

  private final Rules rules;

  /** Creates the table for one kind of program. */
  public NodeTransitions(Rules rules) {
    this.rules = rules;
  }

  /**
   * Returns what an event leads to.
   *
   * @param nanos the monotonic time
   * @param random from 0 up to, not including, 1; used for the jitter of a pause
   */
  public Step next(InstanceLife life, InstanceEvent event, long nanos, double random) {
    return switch (event) {
      case InstanceEvent.Start() -> start(life, nanos);
      case InstanceEvent.StartFailed(long incarnation, String message) ->
          life.state().isLive() && incarnation == life.incarnation()
              ? startFailed(life, message, nanos, random)
              : Step.to(life);
      case InstanceEvent.Readiness(long incarnation, boolean ready) ->
          incarnation == life.incarnation() ? readiness(life, ready, nanos) : Step.to(life);
      case InstanceEvent.Unresponsive(long incarnation, Duration silent) ->
          incarnation == life.incarnation() ? unresponsive(life, silent) : Step.to(life);
      case InstanceEvent.Exited exited ->
          life.state().isLive() && exited.incarnation() == life.incarnation()
              ? exited(life, exited, nanos, random)
              : Step.to(life);
      case InstanceEvent.StopAsked(Duration within) -> stop(life, within, nanos);
      case InstanceEvent.RestartAsked(Duration within) -> restart(life, within, nanos);
      case InstanceEvent.Freezes(List<String> reasons) -> freezes(life, reasons, nanos);
      case InstanceEvent.Tick() -> tick(life, nanos);
    };
  }

  private static Step start(InstanceLife life, long nanos) {
    return switch (life.state()) {
      case Created _, Stopped _, Gone _, BackingOff _ -> startNow(life, nanos);
      case Starting _, Up _, Stopping _, Frozen _ -> Step.to(life);
    };
  }

  /** The only way to a process: nothing is started past a freeze. */
  private static Step startNow(InstanceLife life, long nanos, Effect... before) {
    if (!life.freezes().isEmpty()) {
      return new Step(life.in(new Frozen()), plus(before, frozen(life.freezes())));
    }
    InstanceLife started = life.started(nanos);
    return new Step(started, plus(before, new Effect.Spawn(started.incarnation())));
  }

  private Step startFailed(InstanceLife life, String message, long nanos, double random) {
    return switch (life.state()) {
      case Stopping(_, Then then) when then == Then.STOP -> Step.to(life.in(new Stopped()));
      case Starting _, Up _, Stopping _ ->
          backOff(life, "could not be started: " + message, nanos, random);
      case Created _, BackingOff _, Frozen _, Stopped _, Gone _ -> Step.to(life);
    };
  }

  private static Step readiness(InstanceLife life, boolean ready, long nanos) {
    return switch (life.state()) {
      case Starting _ when ready ->
          Step.to(
              life.in(new Up(true, nanos, false)),
              tell("ready " + seconds(nanos - life.lastStart()) + " after its start"));
      case Up(boolean was, long firstReady, boolean stable) when was != ready ->
          Step.to(life.in(new Up(ready, firstReady, stable)));
      case Starting _, Up _, Created _, Stopping _, BackingOff _, Frozen _, Stopped _, Gone _ ->
          Step.to(life);
    };
  }

  /** One that was told to end has its own limit. What follows is what follows any SIGKILL. */
  private static Step unresponsive(InstanceLife life, Duration silent) {
    return switch (life.state()) {
      case Starting _, Up _ ->
          Step.to(
              life,
              warn("has answered nothing for " + seconds(silent.toNanos()) + " and is killed"),
              new Effect.Kill());
      case Created _, Stopping _, BackingOff _, Frozen _, Stopped _, Gone _ -> Step.to(life);
    };
  }

  private Step exited(InstanceLife before, InstanceEvent.Exited exit, long nanos, double random) {
    InstanceLife life = settled(before, nanos);
    Duration lived = Duration.ofNanos(nanos - life.lastStart());
    boolean asked = life.state() instanceof Stopping;
    InstanceLife ended = life.ended(new End(life.incarnation(), exit.code(), lived, asked));
    String how =
        "ended with "
            + exit.code()
            + " ("
            + ExitCodes.meaning(rules, exit.code())
            + ") after "
            + seconds(lived.toNanos());
    if (life.state() instanceof Stopping(_, Then then)) {
      return switch (then) {
        case STOP -> Step.to(ended.in(new Stopped()), tell(how));
        case RESTART -> startNow(ended, nanos, tell(how + "; starting again as asked"));
      };
    }
    return switch (ExitCodes.verdict(rules, exit.code(), exit.byOnReturn(), lived)) {
      case STOPPED ->
          Step.to(
              ended.in(new Stopped()), tell(how + ": rolehost.run.on-return = stop, so it stays"));
      case GIVE_UP -> {
        String why = how + "; it is not started again before somebody asks for it";
        yield Step.to(ended.in(new Gone(why)), warn(why));
      }
      case AT_ONCE -> {
        long due = life.lastStart() + rules.betweenStarts().toNanos();
        yield due - nanos <= 0
            ? startNow(ended, nanos, tell(how + "; starting again"))
            : waitUntil(ended, due, tell(how + "; starting again in " + seconds(due - nanos)));
      }
      case BACK_OFF -> backOff(ended, how, nanos, random);
    };
  }

  private Step backOff(InstanceLife life, String how, long nanos, double random) {
    int failures = life.failures() + 1;
    long pause = rules.pause(failures, random).toNanos();
    InstanceLife failed = life.failures(failures);
    return waitUntil(
        failed,
        nanos + pause,
        warn(how + "; failure " + failures + " in a row, next start in " + seconds(pause)));
  }

  private static Step waitUntil(InstanceLife life, long due, Effect told) {
    return life.freezes().isEmpty()
        ? Step.to(life.in(new BackingOff(due)), told)
        : Step.to(life.in(new Frozen()), told, frozen(life.freezes()));
  }

  private static Step stop(InstanceLife life, Duration within, long nanos) {
    long killAt = nanos + within.toNanos();
    return switch (life.state()) {
      case Starting _, Up _ ->
          Step.to(life.in(new Stopping(killAt, Then.STOP)), new Effect.Terminate());
      case Stopping(long before, _) ->
          Step.to(
              life.in(new Stopping(before - killAt < 0 ? before : killAt, Then.STOP)),
              new Effect.Terminate());
      case Created _, BackingOff _, Frozen _ -> Step.to(life.in(new Stopped()));
      case Stopped _, Gone _ -> Step.to(life);
    };
  }

  private static Step restart(InstanceLife life, Duration within, long nanos) {
    return switch (life.state()) {
      case Starting _, Up _ ->
          Step.to(
              life.in(new Stopping(nanos + within.toNanos(), Then.RESTART)),
              new Effect.Terminate());
      // A stop can't be taken back, and a restart that is under way needs no second one.
      case Stopping _ -> Step.to(life);
      case Created _, BackingOff _, Frozen _, Stopped _, Gone _ -> startNow(life, nanos);
    };
  }

  private static Step freezes(InstanceLife life, List<String> reasons, long nanos) {
    InstanceLife told = life.frozenBy(reasons);
    return switch (life.state()) {
      case Created _, BackingOff _ ->
          reasons.isEmpty() ? Step.to(told) : Step.to(told.in(new Frozen()), frozen(reasons));
      case Frozen _ -> reasons.isEmpty() ? startNow(told, nanos, tell("unfrozen")) : Step.to(told);
      case Starting _, Up _, Stopping _, Stopped _, Gone _ -> Step.to(told);
    };
  }

  private Step tick(InstanceLife life, long nanos) {
    return switch (life.state()) {
      case BackingOff(long due) when due - nanos <= 0 -> startNow(life, nanos);
      case Stopping(long killAt, Then then) when killAt - nanos <= 0 ->
          Step.to(
              life.in(new Stopping(nanos + KILL_AGAIN_NANOS, then)),
              warn("did not end in time and is killed"),
              new Effect.Kill());
      case Up _ -> Step.to(settled(life, nanos));
      case Created _, Starting _, Stopping _, BackingOff _, Frozen _, Stopped _, Gone _ ->
          Step.to(life);
    };
  }

  /** Forgets the failures of an instance that has been up for the stable window. */
  private InstanceLife settled(InstanceLife life, long nanos) {
    return life.state() instanceof Up(boolean ready, long firstReady, boolean stable)
            && !stable
            && nanos - firstReady >= rules.stableWindow().toNanos()
        ? life.failures(0).in(new Up(ready, firstReady, true))
        : life;
  }

  private static List<Effect> plus(Effect[] before, Effect last) {
    Effect[] all = Arrays.copyOf(before, before.length + 1);
    all[before.length] = last;
    return List.of(all);
  }

  private static Effect frozen(List<String> reasons) {
    return warn("frozen, not started: " + String.join("; ", reasons));
  }

  private static Effect tell(String sentence) {
    return new Effect.Tell(sentence, false);
  }

  private static Effect warn(String sentence) {
    return new Effect.Tell(sentence, true);
  }

  private static String seconds(long nanos) {
    long tenths = Math.max(0, (nanos + 50_000_000) / 100_000_000);
    return tenths / 10 + "." + tenths % 10 + " s";
  }
}
