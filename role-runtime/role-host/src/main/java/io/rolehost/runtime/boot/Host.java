package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.rolehost.api.Instance;
import io.rolehost.api.StopContext;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.endpoint.DrainRule;
import io.rolehost.runtime.journal.Fingerprint;
import io.rolehost.runtime.journal.PastIncarnations;
import io.rolehost.runtime.lifecycle.Causes;
import io.rolehost.runtime.lifecycle.Effect;
import io.rolehost.runtime.lifecycle.ExitCode;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.HostEvent.Caller;
import io.rolehost.runtime.lifecycle.HostState;
import io.rolehost.runtime.lifecycle.IllegalTransitionException;
import io.rolehost.runtime.lifecycle.StopCause;
import io.rolehost.runtime.lifecycle.StopStep;
import io.rolehost.runtime.lifecycle.StopUnderWay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Performs what the lifecycle decides. Everything here runs on the host thread and returns at once;
 * whatever may take time is handed to a thread that posts an event when it is done.
 */
final class Host implements HostLoop.Shell {

  private static final System.Logger LOG = System.getLogger("rolehost");

  /** How often a drain, or what is in flight after it, is looked at. */
  private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(10).toNanos();

  /** How much later than the host itself the guard of the deadline acts. */
  private static final long GUARD_IS_LATE_NANOS = Duration.ofMillis(500).toNanos();

  /** What the record of an end keeps of a stack: the whole is in the log. */
  private static final int MAX_CAUSES = 5;

  private static final int MAX_FRAMES = 12;

  private final Parts parts;
  private final Instance instance;
  private final FreezeGate freeze;
  private final Preparation preparation;
  private final Announcer announcer;
  private final LiveFacts facts;
  private final HostStatus status;
  private final Leaving leaving;
  private final StopSpans spans;
  private boolean stopBegun;
  private boolean wasReady;
  private boolean wasHeld;

  Host(
      Parts parts,
      Instance instance,
      FreezeGate freeze,
      Preparation preparation,
      Announcer announcer,
      LiveFacts facts,
      HostStatus status,
      Leaving leaving) {
    this.parts = parts;
    this.instance = instance;
    this.freeze = freeze;
    this.preparation = preparation;
    this.announcer = announcer;
    this.facts = facts;
    this.status = status;
    this.leaving = leaving;
    this.spans = new StopSpans(parts.time(), parts.metrics()::stopStep, parts::record);
  }

  @Override
  public void entered(HostState from, HostState to, HostEvent cause) {
    status.entered(to);
    wasHeld |= to instanceof HostState.Gate(_, boolean held) && held;
    if (!to.name().equals(from.name())) {
      String why = Sentences.cause(cause);
      var _ = parts.journal().append("transition", from.name(), to.name(), why, Map.of());
      parts.metrics().transition(from.name(), to.name());
      if (!(to instanceof HostState.Ended)) { // the last line was written before: it has the code
        LOG.log(INFO, from.name() + " -> " + to.name() + ": " + why);
      }
    }
    spans.entered(from, to, cause);
    announcer.entered(to, status.startupDone(), to.name() + ", " + Sentences.cause(cause));
    if (to instanceof HostState.Running) {
      becameReady();
    } else if (to instanceof HostState.Draining || to instanceof HostState.Stopping) {
      beginStop();
    }
  }

  private void becameReady() {
    if (!wasReady) {
      wasReady = true;
      leaving.publishPorts(true);
      parts.config().watch();
      freeze.passed();
      factsChanged();
    }
  }

  private void beginStop() {
    if (stopBegun) {
      return;
    }
    stopBegun = true;
    parts.role().ifPresent(RoleLife::stopBegun);
    if (!settings().limitsOff()) {
      Departure.guard(parts.loop(), parts.time(), GUARD_IS_LATE_NANOS);
    }
  }

  private HostSettings settings() {
    return parts.config().loaded().settings();
  }

  @Override
  public void factsChanged() {
    parts.loop().noAlarm(parts.leases());
    parts
        .leases()
        .nextExpiryNanos()
        .ifPresent(at -> parts.loop().alarm(parts.leases(), at, parts.loop()::factsChanged));
    if (parts.loop().state() instanceof HostState.Running running) {
      boolean busy = facts.busy();
      if (busy != running.busy()) {
        parts.loop().post(new HostEvent.BusyChanged(busy));
      }
    }
  }

  @Override
  public void illegal(IllegalTransitionException wrong) {
    LOG.log(ERROR, "Something happened that can't; it is ignored", wrong);
    parts.metrics().illegalEvent();
    parts.record("illegal", String.valueOf(wrong.getMessage()));
  }

  @Override
  public void perform(Effect effect) {
    switch (effect) {
      case Effect.CheckFreeze(int check) -> freeze.check(check);
      case Effect.RunStartupTasks() -> preparation.run();
      case Effect.ReloadConfig() -> preparation.readConfigAgain(wasHeld);
      case Effect.StartRole() -> startRole();
      case Effect.StartApplication() -> role().startApplication();
      case Effect.Run() -> role().run();
      case Effect.CancelStart() -> role().cancelStart();
      case Effect.InterruptStart() -> role().interruptStart();
      case Effect.CancelTasks() -> parts.role().ifPresent(life -> life.tasks().cancelAll());
      case Effect.Drain(long end) -> drain(end);
      case Effect.Perform(var step, long end) -> perform(step, end);
      case Effect.CancelTokens() -> role().cancelTokens(this::orderlyEnd);
      case Effect.InterruptRun() -> role().interruptRun();
      case Effect.ReportLeftBehind(var what) -> reportLeftBehind(what);
      case Effect.ReportLate(var why) -> reportLate(why);
      case Effect.Exit(int code) -> leaving.exit(code);
      case Effect.DumpThenHalt(int code, var why) -> leaving.dumpThenHalt(code, why);
      case Effect.NoteThenHalt(int code, var why) -> leaving.noteThenHalt(code, why);
      case Effect.Halt(int code) -> Departure.halt(code);
      case Effect.Arm _, Effect.Disarm _ ->
          throw new IllegalStateException("the loop keeps the timers itself");
    }
  }

  private RoleLife role() {
    return parts.role().orElseThrow();
  }

  private void startRole() {
    RoleLife life = new RoleLife(parts, settings(), instance, () -> freeze.last().frozen());
    parts.life().set(life);
    life.start();
  }

  private long orderlyEnd() {
    return facts.stop().map(stop -> stop.ledger().orderlyEnd()).orElse(parts.time().nanos());
  }

  private void drain(long end) {
    role().endpoints().drain();
    lookAtDrain(DrainRule.of(settings().stop().drain()), parts.time().nanos(), end);
  }

  private void lookAtDrain(DrainRule rule, long started, long end) {
    if (!(parts.loop().state() instanceof HostState.Draining)) {
      return;
    }
    long now = parts.time().nanos();
    int inFlight = role().endpoints().inFlight();
    switch (rule.decide(now, started, inFlight, role().endpoints().nanosSinceLastRequest())) {
      case DrainRule.Done() -> parts.loop().post(new HostEvent.DrainDone());
      case DrainRule.WaitUntil(long at) -> {
        long next = Math.min(Math.min(at, now + LOOK_AGAIN_NANOS), end);
        parts.loop().alarm("drain", next, () -> lookAtDrain(rule, started, end));
      }
    }
  }

  private void perform(StopStep step, long end) {
    StopContext stop =
        new StopUnderWay(parts.loop()::state, parts.time()::nanos, parts.loop()::post);
    switch (step) {
      case STARTUP_TASKS -> preparation.kill();
      case LISTENERS -> closeListeners();
      case APPLICATION_END -> role().endApplication(stop);
      case ON_STOP -> role().stop(stop);
      case FOREGROUND -> preparation.awaitForeground(end);
      case RESOURCES -> role().closeResources();
      case LEAVE -> leaving.leave(facts.stop().orElseThrow());
      case START, WORK -> throw new IllegalStateException(step + " is only waited for");
    }
  }

  private void closeListeners() {
    HostThread.start(
        "listeners",
        () -> {
          try {
            role().endpoints().closeListeners();
          } catch (RuntimeException e) {
            LOG.log(WARNING, "A listener did not close in order", e);
          }
          parts.loop().wake(this::lookAtInFlight);
        });
  }

  private void lookAtInFlight() {
    if (!(parts.loop().state() instanceof HostState.Stopping(_, var step))
        || step != StopStep.LISTENERS) {
      return;
    }
    if (role().endpoints().inFlight() == 0) {
      parts.loop().post(new HostEvent.StepDone(StopStep.LISTENERS, false));
    } else {
      parts
          .loop()
          .alarm("in flight", parts.time().nanos() + LOOK_AGAIN_NANOS, this::lookAtInFlight);
    }
  }

  private void reportLeftBehind(String what) {
    Caller caller = what.equals("run") ? Caller.RUN : Caller.ON_APPLICATION_END;
    List<String> stack = role().stackOf(caller).stream().map(StackTraceElement::toString).toList();
    LOG.log(
        ERROR,
        what
            + " did not leave in its share of the grace and is left behind; it is at"
            + System.lineSeparator()
            + "  "
            + String.join(System.lineSeparator() + "  ", stack));
    parts.record("task", what + " is left behind", Map.of("stack", stack));
  }

  private void reportLate(String why) {
    Map<String, List<StackTraceElement>> late = parts.role().map(RoleLife::stacks).orElse(Map.of());
    StringBuilder text = new StringBuilder(why).append("; it ends in order now");
    late.forEach((thread, stack) -> {
      text.append(System.lineSeparator()).append(thread).append(" is at");
      stack.forEach(frame -> text.append(System.lineSeparator()).append("  ").append(frame));
    });
    LOG.log(ERROR, text.toString());
    parts.record("late", why, Map.of("in", List.copyOf(late.keySet())));
  }

  /** A thread called {@code System.exit} and is parked; called on that thread. */
  void exitCalled(int code, Thread thread) {
    Optional<HostState.Stop> ended =
        parts.loop().state() instanceof HostState.Ended(var stop)
            ? Optional.of(stop)
            : Optional.empty();
    if (ended.isPresent()) {
      Departure.haltAfterHooks(parts.time(), ended.get().code());
      return;
    }
    Caller caller = parts.role().map(life -> life.threadEnded(thread)).orElse(Caller.OTHER);
    LOG.log(INFO, "System.exit(" + code + ") was called by thread " + thread.getName());
    parts.loop().post(new HostEvent.ExitCalled(code, caller));
  }

  /** An exception that nobody caught ended a thread. */
  void uncaught(Thread thread, Throwable thrown) {
    parts.vmErrorThrown(thrown);
    if (stopBegun) {
      LOG.log(INFO, "Thread " + thread.getName() + " ended during the stop", thrown);
      return;
    }
    LOG.log(ERROR, "Thread " + thread.getName() + " ended by an exception nobody caught", thrown);
    if (thread.getName().startsWith("rolehost-")
        || settings().uncaught() == HostSettings.Uncaught.LOG) {
      return;
    }
    parts.remember(thrown);
    StopCause cause = Causes.of("thread " + thread.getName(), thrown);
    parts.loop().post(new HostEvent.StopAsked(cause));
  }

  /** Says what is known of an end, for the journal and for incidents. */
  static Map<String, Object> endFacts(HostState.Stop stop, int code, Optional<Throwable> thrown) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("reason", stop.cause().reason().name());
    facts.put("code", code);
    facts.put("text", stop.cause().text());
    facts.put("clean", code == ExitCode.OK || code == ExitCode.RECYCLE);
    thrown.ifPresent(e -> {
      facts.put("exception", Causes.text(e));
      facts.put("stack", stack(e));
      facts.put(PastIncarnations.FAILURE, Fingerprint.of(e, "").id());
    });
    return facts;
  }

  /** Returns the top of the stack of what was thrown, then that of each cause. */
  private static List<String> stack(Throwable thrown) {
    List<String> lines = new ArrayList<>();
    Throwable next = thrown;
    for (int depth = 0; next != null && depth < MAX_CAUSES; depth++, next = next.getCause()) {
      if (depth > 0) {
        lines.add("caused by " + Causes.text(next));
      }
      Arrays.stream(next.getStackTrace())
          .limit(MAX_FRAMES)
          .map(frame -> "at " + frame)
          .forEach(lines::add);
    }
    return lines;
  }
}
