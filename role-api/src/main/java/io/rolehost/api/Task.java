package io.rolehost.api;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a supervised task is: a name, a body and the rules of its supervision. An immutable value;
 * every method that looks like a setter returns a changed copy.
 *
 * <pre>{@code
 * context.tasks().start(
 *     Task.named("resize")
 *         .body(task -> { while (!task.stopToken().isStopRequested()) resizeNext(task); })
 *         .backoff(Backoff.exponential(Duration.ofMillis(500), Duration.ofSeconds(30)))
 *         .budget(5, Duration.ofMinutes(1)));
 * }</pre>
 */
public final class Task {

  /** How long a body may take to leave after its token was cancelled, unless set otherwise. */
  public static final Duration DEFAULT_STOP_WITHIN = Duration.ofSeconds(5);

  private final String name;
  private final TaskBody body;
  private final Restart restart;
  private final Backoff backoff;
  private final Budget budget;
  private final Optional<HangLimits> hang;
  private final Duration stopWithin;
  private final boolean cpuBound;
  private final boolean gatesReadiness;
  private final Optional<Duration> every;
  private final Optional<Duration> startsWithin;
  private final boolean significant;
  private final List<FailureRule> failureRules;

  private Task(Draft draft) {
    this.name = draft.name;
    this.body = draft.body;
    this.restart = draft.restart;
    this.backoff = draft.backoff;
    this.budget = draft.budget;
    this.hang = draft.hang;
    this.stopWithin = draft.stopWithin;
    this.cpuBound = draft.cpuBound;
    this.gatesReadiness = draft.gatesReadiness;
    this.every = draft.every;
    this.startsWithin = draft.startsWithin;
    this.significant = draft.significant;
    this.failureRules = draft.failureRules;
  }

  /**
   * Begins a task.
   *
   * @param name unique among its siblings; shown in logs, thread names, status and metrics
   * @throws IllegalArgumentException if the name is blank
   */
  public static Named named(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("A task needs a name that is not blank");
    }
    return new Named(name);
  }

  /** A task that has a name and still needs a body. */
  public static final class Named {
    private final String name;

    private Named(String name) {
      this.name = name;
    }

    /** Gives the task its work. */
    public Task body(TaskBody body) {
      return new Task(new Draft(name, requireNonNull(body, "body")));
    }
  }

  /**
   * How many restarts are granted within a sliding window; the next failure spends the budget and
   * escalates to the role.
   *
   * @param restarts zero or more; 0 runs the task once; {@link #UNLIMITED} is never spent
   * @param window positive
   */
  public record Budget(int restarts, Duration window) {

    /** As many restarts as it takes. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** Unless set otherwise: outlives a dependency that is down for a minute. */
    public static final Budget DEFAULT = new Budget(10, Duration.ofMinutes(5));

    /** Checks the bounds. */
    public Budget {
      if (restarts < 0) {
        throw new IllegalArgumentException("restarts must not be negative, was " + restarts);
      }
      requirePositive(window, "window");
    }
  }

  /**
   * How long a task may stand still before it counts as hung; see {@link TaskContext#progress}.
   *
   * @param soft after which a warning with the task's stack is written; positive
   * @param hard after which the task is replaced; longer than {@code soft}
   */
  public record HangLimits(Duration soft, Duration hard) {

    /** Checks the bounds. */
    public HangLimits {
      requirePositive(soft, "soft");
      if (hard.compareTo(soft) <= 0) {
        throw new IllegalArgumentException(
            "hard must be longer than soft, was " + hard + " with soft " + soft);
      }
    }
  }

  /**
   * What follows from a failure of a type.
   *
   * @param type of the failure or of one of its causes
   * @param then what follows
   */
  @Experimental
  public record FailureRule(Class<? extends Throwable> type, OnFailure then) {}

  /** Sets which ends are followed by a new attempt; {@link Restart#PERMANENT} unless set. */
  public Task restart(Restart restart) {
    Draft draft = new Draft(this);
    draft.restart = requireNonNull(restart, "restart");
    return new Task(draft);
  }

  /** Sets the pause before a new attempt; 0.5 s doubling up to 60 s with 50 % jitter unless set. */
  public Task backoff(Backoff backoff) {
    Draft draft = new Draft(this);
    draft.backoff = requireNonNull(backoff, "backoff");
    return new Task(draft);
  }

  /**
   * Sets how many restarts are granted within a sliding window; 10 in 5 min unless set.
   *
   * @throws IllegalArgumentException if {@code restarts} is negative or {@code window} not positive
   */
  public Task budget(int restarts, Duration window) {
    Draft draft = new Draft(this);
    draft.budget = new Budget(restarts, window);
    return new Task(draft);
  }

  /**
   * Watches the task for hangs; not watched unless set.
   *
   * @throws IllegalArgumentException unless {@code 0 < soft < hard}
   */
  public Task hang(Duration soft, Duration hard) {
    Draft draft = new Draft(this);
    draft.hang = Optional.of(new HangLimits(soft, hard));
    return new Task(draft);
  }

  /**
   * Sets how long the body may take to leave after its token was cancelled, before it is
   * interrupted; 5 s unless set.
   *
   * @throws IllegalArgumentException if {@code limit} is not positive
   */
  public Task stopWithin(Duration limit) {
    Draft draft = new Draft(this);
    draft.stopWithin = requirePositive(limit, "stopWithin");
    return new Task(draft);
  }

  /**
   * Gives the task a platform thread of its own with low priority, for work that computes without
   * pausing and would otherwise hold a carrier of the virtual threads.
   */
  public Task cpuBound() {
    Draft draft = new Draft(this);
    draft.cpuBound = true;
    return new Task(draft);
  }

  /** Makes the instance not ready while the task is waiting for its next attempt or has ended. */
  public Task gatesReadiness() {
    Draft draft = new Draft(this);
    draft.gatesReadiness = true;
    return new Task(draft);
  }

  /**
   * Starts the task again after every failure, however often; said explicitly, because a {@link
   * #budget} that can't be spent is refused at the start.
   */
  @Experimental
  public Task unlimitedRestarts() {
    Draft draft = new Draft(this);
    draft.budget = new Budget(Budget.UNLIMITED, Budget.DEFAULT.window());
    return new Task(draft);
  }

  /**
   * Sets what follows from failures of one type. The failure is compared first, then its causes
   * from the outside in; the first that any rule knows decides, by the rule whose type is nearest
   * to it. {@link CorruptionException}, {@link FatalTaskException}, {@link
   * PermanentFailureException} and errors of the JVM keep their meaning.
   */
  @Experimental
  public Task onFailure(Class<? extends Throwable> type, OnFailure then) {
    Draft draft = new Draft(this);
    List<FailureRule> rules = new ArrayList<>(failureRules);
    rules.add(new FailureRule(requireNonNull(type, "type"), requireNonNull(then, "then")));
    draft.failureRules = List.copyOf(rules);
    return new Task(draft);
  }

  /**
   * Makes the task periodic: its body is called at once and then every {@code period}, each call an
   * attempt of its own on a thread of its own, never two at the same time. A call that returns is a
   * success. One that throws is a failure and costs a restart of the budget, and the next call
   * comes at the first tick after the back-off. Ticks are counted from the first call, so they
   * don't drift; those that a long call or a back-off misses are skipped.
   *
   * @throws IllegalArgumentException if {@code period} is not positive
   */
  @Experimental
  public Task every(Duration period) {
    Draft draft = new Draft(this);
    draft.every = Optional.of(requirePositive(period, "period"));
    return new Task(draft);
  }

  /**
   * Has the start of an attempt acknowledged: until its body calls {@link TaskContext#started}, or
   * ends in order, the siblings that were started after it wait. One that takes longer than {@code
   * limit} has failed.
   *
   * @throws IllegalArgumentException if {@code limit} is not positive
   */
  @Experimental
  public Task startsWithin(Duration limit) {
    Draft draft = new Draft(this);
    draft.startsWithin = Optional.of(requirePositive(limit, "limit"));
    return new Task(draft);
  }

  /**
   * Ends the task's group when the task ends in order: the other members are asked to leave. For a
   * member of a group that is not {@link Restart#PERMANENT}.
   */
  @Experimental
  public Task significant() {
    Draft draft = new Draft(this);
    draft.significant = true;
    return new Task(draft);
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  /** Returns the work. */
  public TaskBody body() {
    return body;
  }

  /** Returns which ends are followed by a new attempt. */
  public Restart restart() {
    return restart;
  }

  /** Returns the pause before a new attempt. */
  public Backoff backoff() {
    return backoff;
  }

  /** Returns how many restarts are granted. */
  public Budget budget() {
    return budget;
  }

  /** Returns the hang limits, or empty if the task is not watched. */
  public Optional<HangLimits> hang() {
    return hang;
  }

  /** Returns how long the body may take to leave. */
  public Duration stopWithin() {
    return stopWithin;
  }

  /** Returns whether the task has a platform thread of its own. */
  public boolean isCpuBound() {
    return cpuBound;
  }

  /** Returns whether the task gates readiness. */
  public boolean isGatingReadiness() {
    return gatesReadiness;
  }

  /** Returns the period of a periodic task, or empty. */
  @Experimental
  public Optional<Duration> every() {
    return every;
  }

  /** Returns within which time an attempt has to acknowledge its start, or empty. */
  @Experimental
  public Optional<Duration> startsWithin() {
    return startsWithin;
  }

  /** Returns whether the task's orderly end ends its group. */
  @Experimental
  public boolean isSignificant() {
    return significant;
  }

  /** Returns what follows from failures of certain types. */
  @Experimental
  public List<FailureRule> failureRules() {
    return failureRules;
  }

  @Override
  public String toString() {
    return "Task[" + name + ", " + restart + ", " + backoff + ", " + budget + "]";
  }

  private static Duration requirePositive(Duration value, String what) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(what + " must be positive, was " + value);
    }
    return value;
  }

  /** The mutable twin that copies are made with; never leaves this class. */
  private static final class Draft {
    private final String name;
    private final TaskBody body;
    private Restart restart = Restart.PERMANENT;
    private Backoff backoff = Backoff.DEFAULT;
    private Budget budget = Budget.DEFAULT;
    private Optional<HangLimits> hang = Optional.empty();
    private Duration stopWithin = DEFAULT_STOP_WITHIN;
    private boolean cpuBound;
    private boolean gatesReadiness;
    private Optional<Duration> every = Optional.empty();
    private Optional<Duration> startsWithin = Optional.empty();
    private boolean significant;
    private List<FailureRule> failureRules = List.of();

    private Draft(String name, TaskBody body) {
      this.name = name;
      this.body = body;
    }

    private Draft(Task task) {
      this(task.name, task.body);
      this.restart = task.restart;
      this.backoff = task.backoff;
      this.budget = task.budget;
      this.hang = task.hang;
      this.stopWithin = task.stopWithin;
      this.cpuBound = task.cpuBound;
      this.gatesReadiness = task.gatesReadiness;
      this.every = task.every;
      this.startsWithin = task.startsWithin;
      this.significant = task.significant;
      this.failureRules = task.failureRules;
    }
  }
}
