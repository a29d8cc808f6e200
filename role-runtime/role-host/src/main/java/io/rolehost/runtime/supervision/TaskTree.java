package io.rolehost.runtime.supervision;

import io.rolehost.api.CorruptionException;
import io.rolehost.api.FatalTaskException;
import io.rolehost.api.PermanentFailureException;
import io.rolehost.api.Shared;
import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskHandle;
import io.rolehost.api.TaskHandle.State;
import io.rolehost.api.TaskSupervisor;
import io.rolehost.runtime.process.Ticks;
import io.rolehost.runtime.supervision.SupervisedTask.Snapshot;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a role under supervision.
 *
 * <p>One thread of its own owns all state: what happens comes to it as a message, and its timers
 * are the time it waits for the next message. So a restart and a stop can't race, no lock is held
 * while anybody is called, and the listener is told in order. Bodies run on threads of their own;
 * {@link RestartPolicy} decides what follows from their ends.
 *
 * <p>Every public method may be called from any thread.
 */
public final class TaskTree implements TaskSupervisor {

  private static final System.Logger LOG = System.getLogger(TaskTree.class.getName());

  /** How long a thread may take to leave after its interrupt; the contract's second. */
  private static final long AFTER_INTERRUPT = Duration.ofSeconds(1).toNanos();

  /** A look at progress that comes later than this was held up with the whole process. */
  private static final long HELD_UP = Duration.ofSeconds(1).toNanos();

  /** How long a caller waits for the supervisor's own thread, which never blocks for long. */
  private static final Duration ANSWER = Duration.ofSeconds(1);

  /** How many ended tasks are remembered for the status page. */
  private static final int MAX_ENDED = 100;

  private static final int MAX_STACK = 64;

  private final Ticks ticks;
  private final long origin;
  private final InstantSource clock;
  private final RandomGenerator jitter;
  private final SupervisionListener listener;
  private final boolean limitsOff;
  private final ComputePermits permits =
      new ComputePermits(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
  private final AtomicLong sequence = new AtomicLong();
  private final Map<String, SupervisedTask> tasks = new ConcurrentHashMap<>();
  private final Map<String, TaskGroup> groups = new ConcurrentHashMap<>();
  private final Map<Thread, Attempt> threads = new ConcurrentHashMap<>();
  private final BlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);
  private final Thread supervisor;
  private volatile boolean stopping;
  private volatile boolean finished;
  private volatile boolean suspect;
  private final AtomicInteger abandonedInStop = new AtomicInteger();
  private volatile @Nullable Escalation first;
  private volatile @Nullable Throwable vmError;

  // Of the supervisor's thread alone.
  private final SequencedSet<SupervisedTask> living = new LinkedHashSet<>();
  private final Deque<SupervisedTask> ended = new ArrayDeque<>();
  private final TreeSet<SupervisedTask> timers =
      new TreeSet<>(
          Comparator.<SupervisedTask>comparingLong(task -> task.dueAt)
              .thenComparingLong(task -> task.sequence));
  private long fences;
  private long stopEnd = Long.MAX_VALUE;
  private int suspects;
  private boolean stopBegun;
  private boolean gatingTouched;
  private List<String> gatingTold = List.of();

  /**
   * Creates a tree and its thread.
   *
   * @param ticks drives back-offs and limits
   * @param clock for what people read
   * @param jitter varies the back-offs; used by one thread
   * @param listener is told what happens
   * @param limitsOff true under a debugger: no hang and no stop limits
   */
  public TaskTree(
      Ticks ticks,
      InstantSource clock,
      RandomGenerator jitter,
      SupervisionListener listener,
      boolean limitsOff) {
    this.ticks = ticks;
    this.origin = ticks.nanos();
    this.clock = clock;
    this.jitter = jitter;
    this.listener = listener;
    this.limitsOff = limitsOff;
    this.supervisor =
        Thread.ofPlatform().daemon().name("task-supervisor").unstarted(this::supervise);
    supervisor.start();
  }

  // ---- what a role uses

  @Override
  public TaskHandle start(Task task) {
    return start(task.name(), task);
  }

  TaskHandle start(String name, Task task) {
    requireStartable(name);
    SupervisedTask fresh =
        new SupervisedTask(this, name, task, sequence.getAndIncrement(), clock.instant());
    SupervisedTask holder =
        tasks.compute(
            name, (_, known) -> known == null || known.snapshot().ended() ? fresh : known);
    if (holder != fresh) {
      throw new IllegalArgumentException(
          "A task named \"%s\" is %s already. Give this one another name, or stop that one first."
              .formatted(name, holder.state()));
    }
    post(() -> begin(fresh));
    if (finished) {
      tasks.remove(name, fresh);
      requireStartable(name);
    }
    return fresh;
  }

  /**
   * {@inheritDoc}
   *
   * @throws UnsupportedOperationException if the strategy is another than ONE_FOR_ONE
   */
  @Override
  public TaskSupervisor group(String name, Strategy strategy) {
    return groupAt(name, name, strategy);
  }

  TaskSupervisor groupAt(String path, String name, Strategy strategy) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("A group needs a name that is not blank");
    }
    TaskGroup known = groups.get(path);
    if (known != null && known.strategy() != strategy) {
      throw new IllegalArgumentException(
          "Group \"%s\" exists with strategy %s, %s was asked for"
              .formatted(path, known.strategy(), strategy));
    }
    return switch (strategy) {
      case ONE_FOR_ONE -> groups.computeIfAbsent(path, _ -> new TaskGroup(this, path, strategy));
      case ONE_FOR_ALL, REST_FOR_ONE ->
          throw new UnsupportedOperationException(
              "Group \"%s\": strategy %s is not available yet, only ONE_FOR_ONE is"
                  .formatted(path, strategy));
    };
  }

  /** Returns state that tasks share; see {@link Shared}. A poisoned one is a corruption. */
  public <T> Shared<T> shared(String name, T state) {
    return new SharedState<>(name, state, corruption -> post(() -> corrupted(name, corruption)));
  }

  @Override
  public void await() throws InterruptedException {
    over.await();
    Escalation escalation = first;
    if (escalation == null) {
      return;
    }
    throw switch (escalation.kind()) {
      case FATAL, BUDGET, HANG, VM_ERROR ->
          new FatalTaskException(escalation.why(), escalation.cause());
      case CORRUPTION -> new CorruptionException(escalation.why(), escalation.cause());
      case PERMANENT -> new PermanentFailureException(escalation.why(), escalation.cause());
    };
  }

  // ---- what the host uses

  /**
   * Begins the stop: when this returns, all tokens are cancelled and nothing will be restarted.
   * Each task then has its own time to leave, is interrupted, and 1 s later left behind. {@code
   * onStop} actions run beside, on threads of their own. A second call has no effect.
   */
  public void cancel() {
    stopping = true;
    if (Thread.currentThread() == supervisor) {
      beginStop();
      return;
    }
    CountDownLatch begun = new CountDownLatch(1);
    post(() -> {
      beginStop();
      begun.countDown();
    });
    try {
      boolean _ = finished || begun.await(ANSWER.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Cancels every task because of corruption that was found elsewhere. Does what {@link #cancel}
   * does, before the host's stop gets there; the stop then finds it done.
   */
  public void cancelAll() {
    cancel();
  }

  /**
   * Waits until every task has left, but not beyond {@code endNanos}: who is still there one second
   * earlier is interrupted, who is there at the end is left behind. Begins the stop if nobody has.
   *
   * @param endNanos a reading of the tree's ticks
   * @return how many were left behind since the stop began; those left behind before do not count
   */
  public int awaitLeft(long endNanos) {
    cancel();
    post(() -> limitStop(endNanos - origin));
    // The supervisor's thread ends the wait; the rest is for the case that it can't.
    long giveUp = endNanos + AFTER_INTERRUPT / 2;
    try {
      long wait = giveUp - ticks.nanos();
      while (wait > 0 && !left.await(Math.min(wait, ANSWER.toNanos()), TimeUnit.NANOSECONDS)) {
        wait = giveUp - ticks.nanos();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    int there = left.getCount() == 0 ? 0 : threadsInPlace();
    return abandonedInStop.get() + there;
  }

  private int threadsInPlace() {
    return (int) threads.values().stream().filter(Attempt::isCurrent).count();
  }

  /** Returns all tasks in the order of their start, and the last 100 that have ended. */
  public List<TaskFacts> facts() {
    long now = now();
    return inOrder().map(task -> task.facts(now)).toList();
  }

  /** Returns the full names of the gating tasks that are not running. */
  public List<String> gatingDown() {
    return inOrder()
        .filter(task -> task.task.isGatingReadiness() && task.snapshot().down())
        .map(SupervisedTask::name)
        .toList();
  }

  /** Returns whether any task stands still past its soft limit. */
  public boolean suspect() {
    return suspect;
  }

  /** Returns whether a body of this tree runs on {@code thread}. */
  public boolean owns(Thread thread) {
    return threads.containsKey(thread);
  }

  /**
   * Tells that a thread will never come back because it called {@code System.exit}; its attempt
   * counts as ended. A thread that is not of this tree is ignored.
   */
  public void threadEnded(Thread thread) {
    Attempt attempt = threads.get(thread);
    if (attempt != null) {
      post(() -> parked(attempt));
    }
  }

  /** Has the timers looked at again after hand-driven ticks were moved. */
  void ticksMoved() {
    post(() -> {});
  }

  /** Runs {@code action} after all that was asked before, and what was due then, is done. */
  void afterMessages(Runnable action) {
    post(() -> post(action));
  }

  /** Returns how many wait for a compute permit. */
  int computeWaiting() {
    return permits.waiting();
  }

  void stop(SupervisedTask task) {
    post(() -> {
      if (!task.stopAsked && living.contains(task)) {
        task.stopAsked = true;
        leave(task);
      }
    });
  }

  // ---- the supervisor's thread

  private void supervise() {
    while (!(stopBegun && living.isEmpty() && mailbox.isEmpty())) {
      superviseOnce();
    }
    finished = true;
    // What came in between: whoever waits for its answer gets it.
    while (!mailbox.isEmpty()) {
      superviseOnce();
    }
  }

  private void superviseOnce() {
    try {
      Throwable error = vmError;
      if (error != null) {
        escalateVmError(error);
        vmError = null;
      }
      Runnable message = nextMessage();
      if (message != null) {
        message.run();
      }
      fireDue();
      tellChanges();
    } catch (InterruptedException _) {
      // A task had no memory left for a message; vmError says so.
    } catch (Throwable thrown) {
      if (isVmError(thrown)) {
        vmError = thrown;
      } else {
        LOG.log(Level.ERROR, "The supervisor of the tasks failed at a message and goes on", thrown);
      }
    }
  }

  private @Nullable Runnable nextMessage() throws InterruptedException {
    if (finished) {
      return mailbox.poll();
    }
    if (timers.isEmpty()) {
      return mailbox.take();
    }
    long wait = timers.first().dueAt - now();
    return wait <= 0 ? mailbox.poll() : mailbox.poll(wait, TimeUnit.NANOSECONDS);
  }

  private void fireDue() {
    long now = now();
    while (!timers.isEmpty() && timers.first().dueAt <= now) {
      SupervisedTask task = timers.first();
      long late = now - task.dueAt;
      disarm(task);
      Attempt attempt = task.snapshot().attempt();
      switch (task.state()) {
        case BACKOFF -> launch(task);
        case RUNNING -> watch(task, attempt, late);
        case STOPPING -> press(task, attempt);
        case STARTING, DONE, FAILED, ABANDONED -> {}
      }
    }
  }

  private void begin(SupervisedTask task) {
    gatingTouched |= task.task.isGatingReadiness();
    if (stopBegun) {
      settle(task, State.DONE);
      return;
    }
    living.add(task);
    launch(task);
  }

  /**
   * Linux ignores the priority unless the JVM runs with {@code -XX:ThreadPriorityPolicy}; it is a
   * wish, and what relies on it is nothing but the comfort of other threads.
   */
  @SuppressWarnings("ThreadPriorityCheck")
  private static Thread.Builder threadFor(Task task) {
    return task.isCpuBound()
        ? Thread.ofPlatform().daemon().priority(Thread.MIN_PRIORITY)
        : Thread.ofVirtual();
  }

  private void launch(SupervisedTask task) {
    int number = task.attempts() + 1;
    Attempt attempt = new Attempt(task, number, ++fences, now(), permits);
    Thread thread =
        threadFor(task.task)
            .name("task-" + task.name() + "-" + number)
            .inheritInheritableThreadLocals(false)
            .unstarted(() -> live(attempt));
    attempt.thread = thread;
    threads.put(thread, attempt);
    show(
        task,
        new Snapshot(
            State.RUNNING,
            number,
            clock.instant(),
            task.snapshot().lastFailure(),
            false,
            0,
            attempt));
    try {
      thread.start();
    } catch (Throwable refused) {
      threads.remove(thread);
      ended(attempt, refused);
      return;
    }
    limits(task)
        .ifPresent(limits -> arm(task, attempt.startedAt + ProgressWatch.lookEvery(limits)));
  }

  /** The life of an attempt, on its own thread. */
  private void live(Attempt attempt) {
    @Nullable Throwable failure = run(attempt);
    threads.remove(Thread.currentThread());
    try {
      post(() -> ended(attempt, failure));
    } catch (OutOfMemoryError error) {
      vmError = error;
      supervisor.interrupt();
    }
  }

  private static @Nullable Throwable run(Attempt attempt) {
    try {
      attempt.task.task.body().run(attempt);
      return null;
    } catch (Throwable thrown) {
      return thrown;
    }
  }

  private void ended(Attempt attempt, @Nullable Throwable failure) {
    SupervisedTask task = attempt.task;
    if (!attempt.isCurrent()) {
      LOG.log(
          Level.INFO,
          "Attempt {0} of task \"{1}\", left behind before, has ended",
          attempt.number,
          task.name());
      if (failure != null && isVmError(failure)) {
        escalateVmError(failure);
      }
      return;
    }
    attempt.retire();
    disarm(task);
    long worked = now() - attempt.startedAt;
    TimeoutException hung = attempt.hung;
    if (failure != null && isVmError(failure)) {
      conclude(task, attempt, failure, AttemptEnd.thrown(failure, worked));
    } else if (stopping || task.stopAsked || hung != null) {
      if (failure != null) {
        LOG.log(
            Level.INFO,
            "Task \"{0}\" threw after it was asked to stop; that is no failure: {1}",
            task.name(),
            AttemptEnd.textOf(failure));
      }
      if (stopping || task.stopAsked || hung == null) {
        settle(task, State.DONE);
      } else {
        conclude(task, attempt, hung, hungEnd(attempt, hung));
      }
    } else if (failure == null) {
      Throwable returned = new IllegalStateException(RestartPolicy.returnedText(task.name()));
      conclude(task, attempt, returned, AttemptEnd.returned(worked));
    } else {
      conclude(task, attempt, failure, AttemptEnd.thrown(failure, worked));
    }
  }

  private static boolean isVmError(Throwable failure) {
    return AttemptEnd.kindOf(failure) == AttemptEnd.Kind.VM_ERROR;
  }

  private static AttemptEnd hungEnd(Attempt attempt, TimeoutException hung) {
    return AttemptEnd.hung(
        String.valueOf(hung.getMessage()), attempt.progress.changedAt() - attempt.startedAt);
  }

  private void conclude(SupervisedTask task, Attempt attempt, Throwable cause, AttemptEnd end) {
    long now = now();
    Decision decision =
        RestartPolicy.decide(task.name(), task.task, task.history, end, now, jitter.nextDouble());
    switch (decision) {
      case Decision.Over(State state) -> {
        if (state == State.FAILED) {
          failed(task, attempt, cause, "no other attempt follows, it is TEMPORARY");
        }
        settle(task, state);
      }
      case Decision.Again(Duration delay, History history) -> {
        failed(
            task,
            attempt,
            cause,
            "attempt %d in %s, restart %d of %d granted in %s"
                .formatted(
                    attempt.number + 1,
                    RestartPolicy.text(delay),
                    history.restarts().size(),
                    task.task.budget().restarts(),
                    RestartPolicy.text(task.task.budget().window())));
        task.history = history;
        long at = now + delay.toNanos();
        show(
            task,
            new Snapshot(
                State.BACKOFF,
                attempt.number,
                clock.instant(),
                task.snapshot().lastFailure(),
                false,
                at,
                null));
        arm(task, at);
        tell(told -> told.restarted(task.name(), attempt.number + 1, delay, cause));
      }
      case Decision.Escalate(Escalation.Kind kind, String why) -> {
        failed(task, attempt, cause, "it escalates");
        escalate(new Escalation(kind, task.name(), why, cause));
        settle(task, State.FAILED);
      }
    }
  }

  private void failed(SupervisedTask task, Attempt attempt, Throwable cause, String follows) {
    String text = AttemptEnd.textOf(cause);
    boolean known = task.snapshot().lastFailure().equals(Optional.of(text));
    String line =
        "Task \"%s\", attempt %d failed; %s".formatted(task.name(), attempt.number, follows);
    // The same failure again brings no news in its stack.
    if (known) {
      LOG.log(Level.WARNING, line + ": " + text);
    } else {
      LOG.log(Level.WARNING, line, cause);
    }
    show(task, task.snapshot().failed(text));
    tell(told -> told.attemptFailed(task.name(), attempt.number, cause));
  }

  private void escalate(Escalation escalation) {
    if (escalation.kind() == Escalation.Kind.CORRUPTION) {
      first = first == null ? escalation : first;
      beginStop();
    }
    first = first == null ? escalation : first;
    over.countDown();
    LOG.log(Level.ERROR, escalation.why());
    tell(told -> told.escalated(escalation));
  }

  private void escalateVmError(Throwable error) {
    escalate(
        new Escalation(
            Escalation.Kind.VM_ERROR,
            "",
            "An error of the JVM that nothing can be built on: " + AttemptEnd.textOf(error),
            error));
  }

  private void corrupted(String sharedState, CorruptionException corruption) {
    if (stopping) {
      LOG.log(
          Level.INFO, "Shared state \"{0}\" was poisoned after the stop was asked", sharedState);
      return;
    }
    escalate(
        new Escalation(
            Escalation.Kind.CORRUPTION,
            sharedState,
            AttemptEnd.textOf(corruption) + "; every task was cancelled",
            corruption));
  }

  private void beginStop() {
    if (stopBegun) {
      return;
    }
    stopBegun = true;
    stopping = true;
    over.countDown();
    List.copyOf(living.reversed()).forEach(this::leave);
    checkLeft();
  }

  private void leave(SupervisedTask task) {
    Attempt attempt = task.snapshot().attempt();
    switch (task.state()) {
      case BACKOFF -> {
        disarm(task);
        settle(task, State.DONE);
      }
      case RUNNING -> {
        if (attempt != null) {
          askToLeave(task, attempt);
        }
      }
      case STARTING, STOPPING, DONE, FAILED, ABANDONED -> {}
    }
  }

  private void askToLeave(SupervisedTask task, Attempt attempt) {
    Snapshot seen = task.snapshot();
    show(
        task,
        new Snapshot(
            State.STOPPING,
            attempt.number,
            clock.instant(),
            seen.lastFailure(),
            seen.suspect() && attempt.hung != null,
            0,
            attempt));
    List<Runnable> actions = attempt.token.trip();
    permits.wake();
    if (!actions.isEmpty()) {
      // Actions are user code: one that blocks must not keep the tree from its limits.
      Thread.ofVirtual()
          .name("stop-task-" + task.name())
          .start(() -> actions.forEach(CancelToken::runSafely));
    }
    long own = limitsOff ? Long.MAX_VALUE : now() + RestartPolicy.nanos(task.task.stopWithin());
    armWithinStop(task, own, AFTER_INTERRUPT);
  }

  /** Draws the end of the stop nearer for all who have not left. */
  private void limitStop(long end) {
    stopEnd = Math.min(stopEnd, end);
    for (SupervisedTask task : living) {
      Attempt attempt = task.snapshot().attempt();
      if (task.state() == State.STOPPING && attempt != null) {
        long due = task.timed ? task.dueAt : Long.MAX_VALUE;
        armWithinStop(task, due, attempt.interrupted ? 0 : AFTER_INTERRUPT);
      }
    }
  }

  private void armWithinStop(SupervisedTask task, long at, long reserve) {
    long due = stopEnd == Long.MAX_VALUE ? at : Math.min(at, stopEnd - reserve);
    if (due == Long.MAX_VALUE) {
      return;
    }
    arm(task, due);
  }

  /** Interrupts an attempt that has not left in time; the next time leaves it behind. */
  private void press(SupervisedTask task, @Nullable Attempt attempt) {
    if (attempt == null || attempt.thread == null) {
      return;
    }
    if (!attempt.interrupted) {
      attempt.interrupted = true;
      attempt.thread.interrupt();
      armWithinStop(task, now() + AFTER_INTERRUPT, 0);
      return;
    }
    abandon(task, attempt, attempt.thread);
  }

  private void abandon(SupervisedTask task, Attempt attempt, Thread thread) {
    attempt.retire();
    List<String> stack =
        Stream.of(thread.getStackTrace())
            .limit(MAX_STACK)
            .map(StackTraceElement::toString)
            .toList();
    Abandoned abandoned = new Abandoned(task.name(), attempt.number, task.task.stopWithin(), stack);
    LOG.log(
        Level.WARNING,
        "Task \"%s\", attempt %d did not leave within %s nor 1 s after its interrupt; it is left behind, its fence is raised. It is at%n\t%s"
            .formatted(
                task.name(),
                attempt.number,
                RestartPolicy.text(task.task.stopWithin()),
                String.join("\n\t", stack)));
    TimeoutException hung = attempt.hung;
    boolean asked = stopping || task.stopAsked;
    if (stopping) {
      abandonedInStop.incrementAndGet();
    }
    tell(told -> told.abandoned(abandoned));
    if (hung != null && !asked) {
      conclude(task, attempt, hung, hungEnd(attempt, hung));
    } else {
      settle(task, State.ABANDONED);
    }
  }

  private void parked(Attempt attempt) {
    if (attempt.isCurrent()) {
      attempt.retire();
      disarm(attempt.task);
      settle(attempt.task, State.DONE);
    }
  }

  private void settle(SupervisedTask task, State state) {
    Snapshot seen = task.snapshot();
    living.remove(task);
    show(
        task,
        new Snapshot(state, seen.attempts(), clock.instant(), seen.lastFailure(), false, 0, null));
    ended.add(task);
    if (ended.size() > MAX_ENDED) {
      forgetOne();
    }
    tell(told -> told.ended(task.name(), state));
    checkLeft();
  }

  /** Forgets the task that ended first; one that gates readiness only if all do. */
  private void forgetOne() {
    SupervisedTask oldest =
        ended.stream()
            .filter(task -> !task.task.isGatingReadiness() || tasks.get(task.name()) != task)
            .findFirst()
            .orElseGet(ended::getFirst);
    ended.remove(oldest);
    tasks.remove(oldest.name(), oldest);
  }

  private void checkLeft() {
    if (stopBegun && living.isEmpty()) {
      left.countDown();
    }
  }

  private void watch(SupervisedTask task, @Nullable Attempt attempt, long late) {
    Optional<Task.HangLimits> watched = limits(task);
    if (attempt == null || attempt.thread == null || watched.isEmpty()) {
      return;
    }
    Task.HangLimits limits = watched.get();
    long every = ProgressWatch.lookEvery(limits);
    if (late > HELD_UP) {
      attempt.progress.forgive(late);
    }
    long now = now();
    long standing = attempt.progress.standingNanos(now);
    switch (ProgressWatch.judge(limits, standing)) {
      case MOVES -> show(task, task.snapshot().suspect(false));
      case SUSPECT -> {
        if (!task.snapshot().suspect()) {
          LOG.log(
              Level.WARNING,
              hungText(task, attempt, standing, "soft", limits.soft()),
              stackOf(attempt.thread, "where it stands"));
          show(task, task.snapshot().suspect(true));
        }
      }
      case HUNG -> {
        attempt.hung =
            stackOf(attempt.thread, hungText(task, attempt, standing, "hard", limits.hard()));
        show(task, task.snapshot().suspect(true));
        askToLeave(task, attempt);
        return;
      }
    }
    arm(task, now + every);
  }

  private static String hungText(
      SupervisedTask task, Attempt attempt, long standing, String limit, Duration length) {
    OptionalLong position = attempt.progress.position();
    return "Task \"%s\", attempt %d made no progress for %s, its %s limit is %s; %s"
        .formatted(
            task.name(),
            attempt.number,
            RestartPolicy.text(Duration.ofNanos(standing)),
            limit,
            RestartPolicy.text(length),
            position.isPresent()
                ? "last position " + position.getAsLong()
                : "it has reported no position");
  }

  private static TimeoutException stackOf(Thread thread, String text) {
    TimeoutException description = new TimeoutException(text);
    description.setStackTrace(thread.getStackTrace());
    return description;
  }

  private Optional<Task.HangLimits> limits(SupervisedTask task) {
    return limitsOff ? Optional.empty() : task.task.hang();
  }

  private void show(SupervisedTask task, Snapshot next) {
    Snapshot seen = task.snapshot();
    task.show(next);
    gatingTouched |= task.task.isGatingReadiness() && seen.down() != next.down();
    suspects += (next.suspect() ? 1 : 0) - (seen.suspect() ? 1 : 0);
  }

  private void tellChanges() {
    boolean now = suspects > 0;
    if (now != suspect) {
      suspect = now;
      tell(told -> told.suspectChanged(now));
    }
    if (gatingTouched) {
      gatingTouched = false;
      List<String> down = gatingDown();
      if (!down.equals(gatingTold)) {
        gatingTold = down;
        tell(SupervisionListener::gatingChanged);
      }
    }
  }

  private void tell(Consumer<SupervisionListener> what) {
    try {
      what.accept(listener);
    } catch (Throwable thrown) {
      if (isVmError(thrown)) {
        vmError = thrown;
      } else {
        LOG.log(Level.WARNING, "A listener of the tasks failed", thrown);
      }
    }
  }

  private void arm(SupervisedTask task, long at) {
    disarm(task);
    task.dueAt = at;
    task.timed = true;
    timers.add(task);
  }

  private void disarm(SupervisedTask task) {
    if (task.timed) {
      timers.remove(task);
      task.timed = false;
    }
  }

  private void post(Runnable message) {
    mailbox.add(message);
    if (finished) {
      mailbox.clear();
    }
  }

  private void requireStartable(String name) {
    if (stopping) {
      throw new IllegalStateException(
          "Task \"" + name + "\" was not started: the role is stopping");
    }
  }

  private Stream<SupervisedTask> inOrder() {
    return tasks.values().stream().sorted(Comparator.comparingLong(task -> task.sequence));
  }

  private long now() {
    return ticks.nanos() - origin;
  }
}
