package io.rolehost.runtime.supervision;

import io.rolehost.api.Backoff;
import io.rolehost.api.CorruptionException;
import io.rolehost.api.FatalTaskException;
import io.rolehost.api.OnPoison;
import io.rolehost.api.PermanentFailureException;
import io.rolehost.api.Shared;
import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskGroup;
import io.rolehost.api.TaskHandle;
import io.rolehost.api.TaskSupervisor;
import io.rolehost.runtime.process.Ticks;
import io.rolehost.runtime.supervision.Node.Child;
import io.rolehost.runtime.supervision.Node.Group;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a role under supervision: the shell around {@link TaskMachine}, which decides.
 *
 * <p>What happens goes to the machine as an event; {@link Supervisor} says on which thread. So a
 * restart and a stop can't race, no lock is held while anybody is called, and the listener is told
 * in order.
 *
 * <p>Every public method may be called from any thread.
 */
public final class TaskTree implements TaskSupervisor {

  /** How long a caller waits for the supervisor's own thread, which never blocks for long. */
  static final Duration ANSWER = Duration.ofSeconds(1);

  private final TreeSettings settings;
  private final Group root =
      new Group("", new TaskGroup("tasks", Strategy.ONE_FOR_ONE, noBackoff(), noBudget()), null);
  private final HangWatch hangs = new HangWatch();
  private final Bodies bodies;
  private final Reports reports;
  private final Supervisor supervisor;
  private final Map<String, Child> tasks = new ConcurrentHashMap<>();
  private final Poisonings poisonings = new Poisonings(this);
  private final OperatorDesk desk = new OperatorDesk(this, tasks);
  private final Map<String, GroupTasks> groups = new ConcurrentHashMap<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);
  private volatile boolean stopping;
  private volatile @Nullable Escalation first;

  /**
   * Creates a tree and its thread.
   *
   * @param ticks drives back-offs and limits
   * @param clock for what people read
   * @param jitter varies the back-offs; used by one thread at a time
   * @param listener is told what happens
   * @param limitsOff true under a debugger: no start, hang and stop limits
   */
  public TaskTree(
      Ticks ticks,
      InstantSource clock,
      RandomGenerator jitter,
      SupervisionListener listener,
      boolean limitsOff) {
    this(TreeSettings.of(ticks, clock, Jitter.of(jitter)).limitsOff(limitsOff), listener);
  }

  /**
   * Creates a tree and its thread.
   *
   * @param listener is told what happens
   */
  public TaskTree(TreeSettings settings, SupervisionListener listener) {
    this.settings = settings;
    this.bodies =
        new Bodies(
            this::post,
            this::vmError,
            this::now,
            hangs,
            settings.gates().orElse(null),
            listener::left,
            listener::writeRefused);
    this.reports = new Reports(listener, bodies, new Knows());
    this.supervisor =
        new Supervisor(
            settings.ticks(),
            hangs,
            out -> new TaskMachine(root, settings.jitter(), settings.limitsOff(), out),
            bodies::perform,
            reports);
    supervisor.start();
  }

  // ---- what a role uses

  @Override
  public TaskHandle start(Task task) {
    return start(root, task);
  }

  TaskHandle start(Group group, Task task) {
    String name = pathOf(group, task.name());
    requireStartable(name, group);
    if (!settings.limitsOff()) {
      refuse(PolicyLint.problems(name, task, group != root, settings.stopShare()));
    }
    return begin(new Child(name, task, group, now()));
  }

  private TaskHandle begin(Child fresh) {
    Child known = tasks.putIfAbsent(fresh.name, fresh);
    while (known != null) {
      if (!(known.phase() instanceof Phase.Over)) {
        throw new IllegalArgumentException(
            "A task named \"%s\" is %s already. Give this one another name, or stop that one first."
                .formatted(fresh.name, known.phase().state()));
      }
      if (tasks.replace(fresh.name, known, fresh)) {
        reports.forgetGate(known);
        known = null;
      } else {
        known = tasks.putIfAbsent(fresh.name, fresh);
      }
    }
    post(new Event.StartAsked(fresh));
    if (supervisor.isFinished()) {
      boolean _ = tasks.remove(fresh.name, fresh);
      requireStartable(fresh.name, fresh.group());
    }
    return new SupervisedTask(this, fresh);
  }

  private static void refuse(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
  }

  @Override
  public TaskSupervisor group(String name, Strategy strategy) {
    return group(root, TaskGroup.named(name).strategy(strategy), false);
  }

  @Override
  public TaskSupervisor group(TaskGroup rules) {
    return group(root, rules, true);
  }

  TaskSupervisor group(Group parent, TaskGroup rules, boolean wholly) {
    String path = pathOf(parent, rules.name());
    refuse(PolicyLint.problems(path, rules));
    GroupTasks fresh = new GroupTasks(this, new Group(path, rules, parent));
    GroupTasks known =
        groups.compute(path, (_, there) -> there == null || there.node().ended ? fresh : there);
    TaskGroup rulesThere = known.node().rules;
    if (known == fresh) {
      post(new Event.GroupMade(fresh.node()));
    } else if (rulesThere.strategy() != rules.strategy()) {
      throw new IllegalArgumentException(
          "Group \"%s\" exists with strategy %s, %s was asked for"
              .formatted(path, rulesThere.strategy(), rules.strategy()));
    } else if (wholly && !rulesThere.equals(rules)) {
      throw new IllegalArgumentException(
          "Group \"%s\" exists as %s, %s was asked for".formatted(path, rulesThere, rules));
    }
    return known;
  }

  @Override
  public <T> Shared<T> shared(String name, Supplier<T> fresh, OnPoison then) {
    return new SharedState<>(
        name,
        fresh,
        switch (then) {
          case END_ROLE -> poisonings::corrupted;
          case RESTART_HOLDERS -> poisonings::poisoned;
        });
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

  // ---- what an operator uses

  /**
   * Has a task leave and start again at once, with its budget and back-off afresh. Its siblings are
   * not touched.
   *
   * @param name the full name
   */
  public TaskAnswer restart(String name) {
    return desk.ask(Event.Wish.RESTART, name);
  }

  /** Asks a task to leave for good, as {@link TaskHandle#stop} does; it can be started again. */
  public TaskAnswer stop(String name) {
    return desk.ask(Event.Wish.STOP, name);
  }

  /** Starts a task that is over, by the rules it had. */
  public TaskAnswer startAgain(String name) {
    return desk.startAgain(name);
  }

  // ---- what the host uses

  /**
   * Begins the stop: when this returns, nothing will be restarted, and the tokens of all tasks are
   * cancelled that need not wait for others to leave first. Each task then has its own time to
   * leave, is interrupted, and 1 s later left behind. {@code onStop} actions run beside, on threads
   * of their own. A second call has no effect.
   */
  public void cancel() {
    cancel(new Event.StopAsked(false));
  }

  /**
   * Cancels every task at once because of corruption that was found elsewhere, without the order of
   * a stop; the host's stop then finds it done.
   */
  public void cancelAll() {
    cancel(new Event.StopAsked(true));
  }

  private void cancel(Event stop) {
    stopping = true;
    over.countDown();
    if (supervisor.postFromWithin(stop)) {
      return;
    }
    CountDownLatch begun = new CountDownLatch(1);
    post(stop);
    post(new Event.Marker(begun::countDown));
    try {
      boolean _ = begun.await(ANSWER.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until every task has left, but not beyond {@code endNanos}: who is still there one second
   * earlier is interrupted, who is there at the end is left behind. Begins the stop if nobody has.
   *
   * @param endNanos a reading of the tree's ticks
   * @return how many were left behind since the stop began; those left behind before do not count
   */
  public int awaitLeft(long endNanos) {
    leaveBy(endNanos);
    // The supervisor's thread ends the wait; the rest is for the case that it can't.
    long giveUp = endNanos + TaskMachine.AFTER_INTERRUPT / 2;
    Ticks ticks = settings.ticks();
    try {
      long wait = giveUp - ticks.nanos();
      while (wait > 0 && !left.await(Math.min(wait, ANSWER.toNanos()), TimeUnit.NANOSECONDS)) {
        wait = giveUp - ticks.nanos();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    int there = left.getCount() == 0 ? 0 : (int) attempts().filter(Attempt::isCurrent).count();
    return reports.abandonedInStop() + there;
  }

  /** Does what {@link #awaitLeft} does, without the wait. */
  public void leaveBy(long endNanos) {
    cancel();
    post(new Event.StopEnds(supervisor.since(endNanos)));
  }

  /** Returns whether the stop has begun and every task has left, or was left behind. */
  public boolean hasLeft() {
    return left.getCount() == 0;
  }

  /** Returns all tasks in the order of their start, and the last 100 that have ended. */
  public List<TaskFacts> facts() {
    long now = now();
    Instant wall = settings.clock().instant();
    List<TaskFacts> facts = inOrder().map(child -> TaskFacts.of(child, now, wall)).toList();
    post(
        new Event.Marker(() -> {
          // What has no limits is looked at only here, for the next one who asks.
          var _ = standing(Long.MAX_VALUE);
        }));
    return facts;
  }

  /**
   * Returns the running attempts that made no progress for that long and are not idle. Of those
   * without hang limits that never reported anything that is true from their start; they are left
   * out when there are tens of thousands of them.
   *
   * @param nanos how long at least; 0 for all that run
   */
  public List<StandingTask> standing(long nanos) {
    long now = now();
    return supervisor.ask(() -> hangs.standing(nanos, now));
  }

  /**
   * Returns the full names of the gating tasks that are not running, in the order of their start.
   */
  public List<String> gatingDown() {
    return reports.gatingDown();
  }

  /** Returns whether any task stands still past its soft limit. */
  public boolean suspect() {
    return reports.isSuspect();
  }

  /** Returns whether a body of this tree runs on {@code thread}. */
  public boolean owns(Thread thread) {
    return bodies.isLeftBehind(thread) || attempts().anyMatch(attempt -> attempt.thread == thread);
  }

  /**
   * Tells that a thread will never come back because it called {@code System.exit}; its attempt
   * counts as ended. A thread that is not of this tree is ignored.
   */
  public void threadEnded(Thread thread) {
    attempts()
        .filter(attempt -> attempt.thread == thread)
        .forEach(attempt -> post(new Event.Exited(attempt.child, attempt.number)));
  }

  /** Has the timers looked at again after hand-driven ticks were moved. */
  public void ticksMoved() {
    post(new Event.TimeIs());
  }

  /** Runs {@code action} after all that was asked before, and what is due by then, is done. */
  public void afterMessages(Runnable action) {
    post(new Event.Marker(action));
  }

  /** Looks at how things stand once all that was asked before, and what is due by then, is done. */
  public TreeLook look() throws InterruptedException {
    CompletableFuture<TreeLook> answer = new CompletableFuture<>();
    afterMessages(() -> {
      boolean _ =
          answer.complete(
              new TreeLook(
                  supervisor.changes(),
                  armedTimers(),
                  supervisor.nextDue(),
                  attempts()
                      .filter(Attempt::isCurrent)
                      .flatMap(attempt -> Stream.ofNullable(attempt.thread))
                      .toList()));
    });
    try {
      return answer.get();
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    }
  }

  /** Returns how many timers are armed; the looks at progress count as one. */
  public int armedTimers() {
    return supervisor.armed();
  }

  /**
   * Waits until at least so many timers are armed, so that a test does not move the time too soon.
   */
  public void awaitTimers(int timers) throws InterruptedException {
    while (armedTimers() < timers) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(this, 100_000);
    }
  }

  /** Returns how many wait for a compute permit. */
  int computeWaiting() {
    return bodies.permits().waiting();
  }

  void stop(Child child) {
    post(new Event.TaskStopAsked(child));
  }

  void post(Event event) {
    supervisor.post(event);
  }

  private void vmError(Throwable error) {
    supervisor.vmError(error);
  }

  private void requireStartable(String name, Group group) {
    if (stopping) {
      throw new IllegalStateException(
          "Task \"" + name + "\" was not started: the role is stopping");
    }
    if (group.ended) {
      throw new IllegalStateException(
          "Task \"%s\" was not started: its group has ended, with its significant task. Ask for the group again."
              .formatted(name));
    }
  }

  boolean isStopping() {
    return stopping;
  }

  Stream<Attempt> attempts() {
    return tasks.values().stream().flatMap(child -> Stream.ofNullable(child.attempt));
  }

  Stream<Child> inOrder() {
    return tasks.values().stream().sorted(Comparator.comparingLong(child -> child.sequence));
  }

  private static String pathOf(Group group, String name) {
    return group.parent == null ? name : group.name + "/" + name;
  }

  private long now() {
    return supervisor.now();
  }

  private static Backoff noBackoff() {
    return Backoff.none();
  }

  private static Task.Budget noBudget() {
    return new Task.Budget(0, Duration.ofMinutes(1));
  }

  /** What the reports tell the tree itself. */
  private final class Knows implements Reports.Outcome {

    @Override
    public void escalated(Escalation escalation) {
      if (first == null) {
        first = escalation;
      }
      if (escalation.kind() == Escalation.Kind.CORRUPTION) {
        stopping = true;
      }
      over.countDown();
    }

    @Override
    public void allLeft() {
      left.countDown();
      supervisor.allLeft();
    }

    @Override
    public void groupEnded(Group group) {
      boolean _ = groups.values().removeIf(there -> isWithin(there.node(), group));
    }

    private static boolean isWithin(Group inner, Group outer) {
      return inner == outer || (inner.parent != null && isWithin(inner.parent, outer));
    }

    @Override
    public void forgotten(Child child) {
      boolean _ = tasks.remove(child.name, child);
    }

    @Override
    public boolean isShown(Child child) {
      return tasks.get(child.name) == child;
    }

    @Override
    public void vmError(Throwable error) {
      TaskTree.this.vmError(error);
    }
  }
}
