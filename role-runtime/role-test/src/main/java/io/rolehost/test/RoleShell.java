package io.rolehost.test;

import io.rolehost.api.Role;
import io.rolehost.api.StopContext;
import io.rolehost.api.StopToken;
import io.rolehost.api.TaskHandle;
import io.rolehost.api.TaskSupervisor;
import io.rolehost.api.WebRole;
import io.rolehost.runtime.lifecycle.Causes;
import io.rolehost.runtime.lifecycle.Effect;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.HostState;
import io.rolehost.runtime.lifecycle.Limits;
import io.rolehost.runtime.lifecycle.OnTimeout;
import io.rolehost.runtime.lifecycle.Step;
import io.rolehost.runtime.lifecycle.StopCause;
import io.rolehost.runtime.lifecycle.StopStep;
import io.rolehost.runtime.lifecycle.StopUnderWay;
import io.rolehost.runtime.lifecycle.Timer;
import io.rolehost.runtime.lifecycle.Transitions;
import io.rolehost.runtime.readiness.BusyLeases;
import io.rolehost.runtime.supervision.Abandoned;
import io.rolehost.runtime.supervision.CancelToken;
import io.rolehost.runtime.supervision.Escalation;
import io.rolehost.runtime.supervision.RestartReason;
import io.rolehost.runtime.supervision.SupervisionListener;
import io.rolehost.runtime.supervision.TaskFacts;
import io.rolehost.runtime.supervision.TaskStory;
import io.rolehost.runtime.supervision.TaskTree;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Performs what the lifecycle's table decides, without a process around it. Events are applied on
 * the test's thread; what is the role's runs on virtual threads, whose state tells exactly whether
 * they wait.
 */
final class RoleShell implements VirtualTime.Moved {

  /** What the role's threads are for; each has at most one. */
  private enum Doing {
    START,
    RUN,
    CANCEL,
    END
  }

  private interface UserCode {
    HostEvent call() throws Exception;
  }

  private final Role role;
  private final VirtualContext context;
  private final VirtualTime time;
  private final long seed;
  private final Duration grace;
  private final Transitions table;
  private final TaskStory story;
  private final TaskTree tree;
  private final TreeMoves treeMoves;
  private final CancelToken token;
  private final BusyLeases leases;
  private final Queue<HostEvent> events = new ConcurrentLinkedQueue<>();
  private final Map<Timer, Long> alarms = new EnumMap<>(Timer.class);
  private final Map<Doing, Thread> threads = new ConcurrentHashMap<>();
  private final AtomicInteger changes = new AtomicInteger();
  private volatile HostState state = new HostState.Booting();
  private volatile boolean tasksAskedToLeave;

  RoleShell(Role role, VirtualContext context, VirtualTime time, long seed, Duration grace) {
    this.role = role;
    this.context = context;
    this.time = time;
    this.seed = seed;
    this.grace = grace;
    this.table =
        new Transitions(
            new Limits(
                Duration.ofMinutes(5).toNanos(),
                OnTimeout.DUMP_THEN_KILL,
                grace.toNanos(),
                grace.toNanos(),
                Duration.ofSeconds(2).toNanos(),
                OnTimeout.DUMP_THEN_KILL,
                false,
                false));
    this.story = new TaskStory(time::elapsed);
    this.tree = VirtualTasks.tree(time, seed, new TaskEvents());
    this.treeMoves = new TreeMoves(tree);
    this.token = new CancelToken(time::gate);
    this.leases = new BusyLeases(time, changes::incrementAndGet);
  }

  /** Hands what happens to tasks to the lifecycle. */
  private final class TaskEvents implements SupervisionListener {

    @Override
    public void restarted(
        String task, int attempt, Duration delay, RestartReason reason, Throwable cause) {
      story.restarted(task, attempt, delay, reason, cause);
    }

    @Override
    public void attemptFailed(String task, int attempt, Throwable cause) {
      story.attemptFailed(task, attempt, cause);
    }

    @Override
    public void groupRestarted(String group, Duration delay, Throwable cause) {
      story.groupRestarted(group, delay, cause);
    }

    @Override
    public void ended(String task, TaskHandle.State state) {
      story.ended(task, state);
    }

    @Override
    public void abandoned(Abandoned abandoned) {
      story.abandoned(abandoned);
    }

    @Override
    public void escalated(Escalation escalation) {
      story.escalated(escalation);
      String why = escalation.why();
      post(
          switch (escalation.kind()) {
            case CORRUPTION -> new HostEvent.StopAsked(StopCause.corruption(why));
            case PERMANENT -> new HostEvent.StopAsked(StopCause.permanent(why));
            case HANG -> new HostEvent.StopAsked(StopCause.hang(why));
            case FATAL, BUDGET -> new HostEvent.StopAsked(StopCause.taskFatal(why));
            case VM_ERROR -> new HostEvent.VmErrorThrown(why);
          });
    }

    @Override
    public void suspectChanged(boolean suspect) {
      post(new HostEvent.SuspectChanged(suspect));
    }

    @Override
    public void gatingChanged() {
      changes.incrementAndGet();
    }
  }

  void start() {
    context.attach(this);
    time.add(treeMoves);
    time.add(this);
    post(new HostEvent.ManagementUp());
    time.settle();
  }

  void ask(StopCause cause) {
    post(new HostEvent.StopAsked(cause));
    time.settle();
  }

  void recycle(String why) {
    post(new HostEvent.StopAsked(StopCause.recycle(why)));
  }

  HostState state() {
    return state;
  }

  Optional<End> end() {
    return state instanceof HostState.Killing(int code, var why, var reason)
        ? Optional.of(new End(code, reason, why))
        : state instanceof HostState.Ended(var stop)
            ? Optional.of(new End(stop.code(), stop.cause().reason(), stop.cause().text()))
            : Optional.empty();
  }

  Duration grace() {
    return grace;
  }

  long seed() {
    return seed;
  }

  List<String> history() {
    return story.lines().stream().map(TaskStory.Line::toString).toList();
  }

  void note(String line) {
    story.add(line);
  }

  List<TaskFacts> taskFacts() {
    return tree.facts();
  }

  TaskSupervisor tasks() {
    return tree;
  }

  StopToken token() {
    return token;
  }

  BusyLeases leases() {
    return leases;
  }

  void close() {
    time.remove(this);
    time.remove(treeMoves);
    token.cancel();
    int _ = tree.awaitLeft(time.nanos());
    threads.values().forEach(Thread::interrupt);
  }

  // ---- on the test's thread

  @Override
  public boolean work() {
    boolean worked = false;
    for (HostEvent event = events.poll(); event != null; event = events.poll()) {
      apply(event);
      worked = true;
    }
    for (Timer timer : List.copyOf(alarms.keySet())) {
      Long at = alarms.get(timer);
      if (at != null && at <= time.nanos()) {
        alarms.remove(timer);
        apply(new HostEvent.TimerFired(timer));
        worked = true;
      }
    }
    boolean changed = lookAtFacts();
    return worked || changed;
  }

  private boolean lookAtFacts() {
    if (state instanceof HostState.Running running) {
      boolean busy = !leases.reasons().isEmpty() || !tree.gatingDown().isEmpty();
      if (busy != running.busy()) {
        apply(new HostEvent.BusyChanged(busy));
        return true;
      }
    }
    if (tasksAskedToLeave && tree.hasLeft()) {
      tasksAskedToLeave = false;
      apply(new HostEvent.TasksLeft(tree.awaitLeft(time.nanos())));
      return true;
    }
    return false;
  }

  @Override
  public VirtualTime.Look look() {
    long next = leases.nextExpiryNanos().orElse(Long.MAX_VALUE);
    for (long at : alarms.values()) {
      next = Math.min(next, at);
    }
    return new VirtualTime.Look(
        changes.get(),
        alarms.size(),
        next == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(next),
        List.copyOf(threads.values()));
  }

  private void post(HostEvent event) {
    events.add(event);
    changes.incrementAndGet();
  }

  private void apply(HostEvent event) {
    Step step = table.next(state, event, time.nanos());
    String before = state.name();
    state = step.state();
    if (!before.equals(state.name())) {
      story.add(before + " -> " + state.name());
    }
    for (Effect effect : step.effects()) {
      perform(effect);
    }
  }

  private void perform(Effect effect) {
    switch (effect) {
      case Effect.Arm(var timer, long at) -> alarms.put(timer, at);
      case Effect.Disarm(var timer) -> alarms.remove(timer);
      case Effect.CheckFreeze(int check) -> post(new HostEvent.FreezeAnswer(check, false));
      case Effect.RunStartupTasks() -> post(new HostEvent.StartupTasksDone());
      case Effect.ReloadConfig() -> post(new HostEvent.ConfigReloaded());
      case Effect.StartRole() -> call(Doing.START, this::onStart, this::failedStart);
      case Effect.StartApplication() ->
          call(Doing.START, this::onApplicationStart, this::failedApplication);
      case Effect.Run() -> call(Doing.RUN, this::run, this::failedRun);
      case Effect.CancelStart() -> thread(Doing.CANCEL, token::cancel);
      case Effect.InterruptStart() -> interrupt(Doing.START);
      case Effect.InterruptRun() -> interrupt(Doing.RUN);
      case Effect.CancelTasks() -> tree.cancelAll();
      case Effect.Drain _ -> post(new HostEvent.DrainDone());
      case Effect.CancelTokens() -> cancelTokens(orderlyEnd());
      case Effect.Perform(var step, _) -> performStep(step);
      case Effect.ReportLeftBehind(var what) -> leftBehind(what);
      case Effect.ReportLate(var why) -> story.add(why);
      case Effect.Exit _, Effect.Halt _ -> alarms.clear();
      case Effect.DumpThenHalt(int code, var why) -> halted(code, why);
      case Effect.NoteThenHalt(int code, var why) -> halted(code, why);
    }
  }

  private void halted(int code, String why) {
    story.add("halted with " + code + ": " + why);
    alarms.clear();
  }

  /** What the role registered with its token is its own code, and may wait. */
  private void cancelTokens(long leaveBy) {
    thread(
        Doing.CANCEL,
        () -> {
          token.cancel();
          tree.leaveBy(leaveBy);
          tasksAskedToLeave = true;
          changes.incrementAndGet();
        });
  }

  private long orderlyEnd() {
    return state.stopUnderWay().map(stop -> stop.ledger().orderlyEnd()).orElse(time.nanos());
  }

  private void performStep(StopStep step) {
    StopContext stop = new StopUnderWay(this::state, time::nanos, this::post);
    switch (step) {
      case APPLICATION_END ->
          close(
              step,
              () -> {
                if (role instanceof WebRole web) {
                  web.onApplicationEnd(stop);
                }
              });
      case ON_STOP -> close(step, () -> role.onStop(stop));
      case RESOURCES -> close(step, context::closeResources);
      case STARTUP_TASKS, LISTENERS, FOREGROUND, LEAVE -> post(new HostEvent.StepDone(step, false));
      case START, WORK -> throw new IllegalStateException(step + " is only waited for");
    }
  }

  private interface Closing {
    void call() throws Exception;
  }

  private void close(StopStep step, Closing closing) {
    call(
        Doing.END,
        () -> {
          closing.call();
          return new HostEvent.StepDone(step, false);
        },
        thrown -> {
          story.add("the step " + step + " failed: " + Causes.text(thrown));
          return new HostEvent.StepDone(step, true);
        });
  }

  private void leftBehind(String what) {
    story.add(what + " is left behind");
    threads.remove(what.equals("run") ? Doing.RUN : Doing.END);
  }

  private void interrupt(Doing what) {
    Thread inside = threads.get(what);
    if (inside != null) {
      inside.interrupt();
    }
  }

  // ---- on the role's threads

  private interface Failed {
    HostEvent event(Throwable thrown);
  }

  private void call(Doing what, UserCode code, Failed failed) {
    thread(
        what,
        () -> {
          HostEvent outcome;
          try {
            outcome = code.call();
          } catch (Throwable thrown) {
            outcome =
                Causes.vmError(thrown).isPresent()
                    ? new HostEvent.VmErrorThrown(Causes.text(thrown))
                    : failed.event(thrown);
          }
          post(outcome);
        });
  }

  private void thread(Doing what, Runnable action) {
    Thread thread = Thread.ofVirtual().name("role-" + what).unstarted(action);
    threads.put(what, thread);
    thread.start();
  }

  private HostEvent onStart() throws Exception {
    return new HostEvent.StartReturned(role.onStart(context));
  }

  private HostEvent failedStart(Throwable thrown) {
    return new HostEvent.StartFailed(failure("onStart", thrown));
  }

  private HostEvent onApplicationStart() throws Exception {
    if (role instanceof WebRole web) {
      web.onApplicationStart(context);
    }
    return new HostEvent.ApplicationStarted(false);
  }

  private HostEvent failedApplication(Throwable thrown) {
    return new HostEvent.ApplicationFailed(failure("onApplicationStart", thrown));
  }

  private HostEvent run() throws Exception {
    role.run(context);
    return new HostEvent.RunReturned();
  }

  private HostEvent failedRun(Throwable thrown) {
    return token.isStopRequested()
        ? new HostEvent.RunReturned()
        : new HostEvent.RunFailed(failure("run", thrown));
  }

  private StopCause failure(String what, Throwable thrown) {
    story.add(what + " failed: " + Causes.text(thrown));
    return Causes.of(what, thrown);
  }
}
