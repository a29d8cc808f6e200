package io.rolehost.runtime.lifecycle;

import io.rolehost.runtime.lifecycle.HostEvent.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A host in virtual time: performs effects by answering them with events at random times, with
 * random failures, and lets some never be answered. What it saw is kept for the assertions.
 */
final class LifecycleSimulation {
  static final long MS = Duration.ofMillis(1).toNanos();

  private record Due(long at, long order, HostEvent event) {}

  private final Random random;
  private final Transitions table;
  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
  private final Map<Timer, Long> timers = new EnumMap<>(Timer.class);
  private long order;

  final Limits limits;
  long now = 1;
  HostState state = new HostState.Booting();
  final List<String> history = new ArrayList<>();
  final List<Effect> effects = new ArrayList<>();
  boolean accepted;
  boolean startRuns;
  boolean stopRuns;
  boolean silent; // from here on no effect is answered

  LifecycleSimulation(long seed) {
    this.random = new Random(seed);
    this.limits =
        new Limits(
            30_000 * MS,
            onTimeout(seed),
            25_000 * MS,
            50_000 * MS,
            2_000 * MS,
            onTimeout(seed / 3),
            false,
            false);
    this.table = new Transitions(limits);
    send(1, new HostEvent.ManagementUp());
  }

  private static OnTimeout onTimeout(long seed) {
    return switch ((int) (seed % 3)) {
      case 0 -> OnTimeout.TERMINATE;
      case 1 -> OnTimeout.DUMP_THEN_KILL;
      default -> OnTimeout.KILL;
    };
  }

  /** Lets one thing happen: an answer, a timer, or something from outside; false if nothing can. */
  boolean step() {
    if (!silent && random.nextInt(12) == 0) {
      apply(outside());
      return true;
    }
    Map.Entry<Timer, Long> timer =
        Map.copyOf(timers).entrySet().stream().min(Map.Entry.comparingByValue()).orElse(null);
    Due answer = silent ? null : due.peek();
    if (timer == null && answer == null) {
      return false;
    }
    if (answer != null && (timer == null || answer.at() <= timer.getValue())) {
      due.remove();
      now = Math.max(now, answer.at());
      apply(answer.event());
    } else if (timer != null) {
      now = Math.max(now, timer.getValue());
      timers.remove(timer.getKey());
      apply(new HostEvent.TimerFired(timer.getKey()));
    }
    return true;
  }

  void apply(HostEvent event) {
    switch (event) {
      case HostEvent.StartReturned(boolean yes) -> {
        startRuns = false;
        accepted = yes;
      }
      case HostEvent.StartFailed _ -> startRuns = false;
      case HostEvent.ExitCalled(_, var caller) when caller == Caller.ON_START -> startRuns = false;
      default -> {}
    }
    Step step = table.next(state, event, now);
    history.add(now / MS + " " + state.name() + " " + event + " -> " + step.state().name());
    state = step.state();
    for (Effect effect : step.effects()) {
      effects.add(effect);
      perform(effect);
    }
  }

  boolean over() {
    return state instanceof HostState.Ended || state instanceof HostState.Killing;
  }

  private void perform(Effect effect) {
    switch (effect) {
      case Effect.CheckFreeze(int check) -> {
        boolean frozen = random.nextInt(6) == 0;
        send(10, new HostEvent.FreezeAnswer(check, frozen));
        if (frozen && random.nextBoolean()) {
          send(60_000, new HostEvent.FreezeAnswer(check, false));
        }
      }
      case Effect.RunStartupTasks() ->
          answer(
              10_000,
              new HostEvent.StartupTasksDone(),
              new HostEvent.PrepareFailed(StopCause.refused("task failed")));
      case Effect.ReloadConfig() ->
          answer(
              50,
              new HostEvent.ConfigReloaded(),
              new HostEvent.PrepareFailed(StopCause.permanent("bad key")));
      case Effect.StartRole() -> {
        startRuns = true;
        answer(
            40_000,
            new HostEvent.StartReturned(true),
            new HostEvent.StartReturned(true),
            new HostEvent.StartReturned(false),
            new HostEvent.StartFailed(StopCause.failed("onStart threw")),
            new HostEvent.ExitCalled(7, Caller.ON_START));
      }
      case Effect.StartApplication() ->
          answer(
              40_000,
              new HostEvent.ApplicationStarted(true),
              new HostEvent.ApplicationStarted(false),
              new HostEvent.ApplicationFailed(StopCause.failed("onApplicationStart threw")),
              new HostEvent.ExitCalled(7, Caller.ON_APPLICATION_START));
      case Effect.Run() ->
          answer(
              200_000,
              new HostEvent.RunReturned(),
              new HostEvent.RunFailed(StopCause.failed("run threw")),
              new HostEvent.ExitCalled(0, Caller.RUN));
      case Effect.Drain(long end) ->
          send(Math.max(0, (end - now) / MS / 2), new HostEvent.DrainDone());
      case Effect.Perform(var what, _) -> {
        stopRuns |= what == StopStep.ON_STOP;
        answer(
            6_000,
            new HostEvent.StepDone(what, false),
            new HostEvent.StepDone(what, false),
            new HostEvent.StepDone(what, true));
      }
      case Effect.CancelTokens() ->
          send(random.nextInt(7_000), new HostEvent.TasksLeft(random.nextInt(8) / 7));
      case Effect.Arm(var timer, long at) -> timers.put(timer, at);
      case Effect.Disarm(var timer) -> timers.remove(timer);
      case Effect.CancelStart _,
          Effect.InterruptStart _,
          Effect.CancelTasks _,
          Effect.InterruptRun _,
          Effect.ReportLeftBehind _,
          Effect.ReportLate _,
          Effect.Exit _,
          Effect.DumpThenHalt _,
          Effect.NoteThenHalt _,
          Effect.Halt _ -> {}
    }
  }

  /** Answers within {@code atMostMs} with one of {@code events}, or, one time in five, never. */
  private void answer(int atMostMs, HostEvent... events) {
    if (random.nextInt(5) != 0) {
      send(random.nextInt(atMostMs), events[random.nextInt(events.length)]);
    }
  }

  private void send(long inMs, HostEvent event) {
    due.add(new Due(now + inMs * MS, order++, event));
  }

  private HostEvent outside() {
    now += random.nextInt(3_000) * MS;
    return switch (random.nextInt(16)) {
      case 0 -> new HostEvent.SignalReceived("TERM");
      case 1 -> new HostEvent.SignalReceived("INT");
      case 2 -> new HostEvent.StopAsked(StopCause.recycle("test"));
      case 3 -> new HostEvent.StopAsked(StopCause.corruption("test"));
      case 4 -> new HostEvent.StopAsked(StopCause.supervisorLost("test"));
      case 5 -> new HostEvent.ExitCalled(random.nextInt(300), Caller.OTHER);
      case 6 -> new HostEvent.ExtensionAsked(random.nextInt(20_000) * MS);
      case 7 -> new HostEvent.FreezeAnswer(1 + random.nextInt(3), random.nextBoolean());
      case 8 -> new HostEvent.StopAsked(StopCause.taskFatal("test"));
      case 9 -> new HostEvent.StopAsked(StopCause.hang("test"));
      case 10, 11 -> new HostEvent.SuspectChanged(random.nextBoolean());
      default -> new HostEvent.BusyChanged(random.nextBoolean());
    };
  }
}
