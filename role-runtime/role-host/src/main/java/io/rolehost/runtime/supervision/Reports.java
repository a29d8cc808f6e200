package io.rolehost.runtime.supervision;

import io.rolehost.api.Task;
import io.rolehost.api.TaskHandle.State;
import io.rolehost.runtime.supervision.Node.Child;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Does what the machine decided and what may block: interrupts, logs, and tells the listener. On
 * the supervisor's thread, in order.
 */
final class Reports implements Supervisor.Deliverer {

  private static final System.Logger LOG = System.getLogger(TaskTree.class.getName());

  /** How many ended tasks are remembered for the status page. */
  private static final int MAX_ENDED = 100;

  private static final int MAX_STACK = 64;

  /** How many stacks one look at progress writes; more would keep the supervisor from its work. */
  private static final int MAX_STACKS_A_LOOK = 20;

  private final SupervisionListener listener;
  private final Bodies bodies;
  private final Outcome outcome;
  private final Map<Long, Child> gatingDown = new ConcurrentSkipListMap<>();
  private final AtomicInteger abandonedInStop = new AtomicInteger();
  private final Deque<Child> ended = new ArrayDeque<>();
  private volatile boolean suspect;
  private boolean gatingTouched;

  /** What the tree itself has to know. */
  interface Outcome {

    void escalated(Escalation escalation);

    void allLeft();

    void groupEnded(Node.Group group);

    /** A task that ended is not shown any more. */
    void forgotten(Child child);

    /** Returns whether the tree still shows this one under its name. */
    boolean isShown(Child child);

    void vmError(Throwable error);
  }

  Reports(SupervisionListener listener, Bodies bodies, Outcome outcome) {
    this.listener = listener;
    this.bodies = bodies;
    this.outcome = outcome;
  }

  @Override
  public void deliver(Effect.Report report) {
    try {
      perform(report);
    } catch (Throwable thrown) {
      if (isVmError(thrown)) {
        outcome.vmError(thrown);
      } else {
        LOG.log(Level.ERROR, "The supervisor of the tasks failed at " + report, thrown);
      }
    }
  }

  private void perform(Effect.Report report) {
    switch (report) {
      case Effect.Interrupt(Child child, int number, @Nullable Attempt attempt) -> {
        if (attempt != null && attempt.thread != null && attempt.thread.isAlive()) {
          List<String> stack = stack(attempt.thread);
          attempt.thread.interrupt();
          tell(told -> told.interrupted(child.name, number, stack));
        }
      }
      case Effect.Abandon abandon -> abandon(abandon);
      case Effect.Failed(Child child, Effect.Failure failure, String follows) ->
          failed(child, failure, follows);
      case Effect.Restarted restarted -> restarted(restarted);
      case Effect.GroupRestarted(Node.Group group, Duration delay, String why, Throwable cause) -> {
        LOG.log(Level.WARNING, why + " In " + RestartPolicy.text(delay) + ".");
        tell(told -> told.groupRestarted(group.name, delay, cause));
      }
      case Effect.Ended(Child child, State state) -> ended(child, state);
      case Effect.GroupEnded(Node.Group group) -> outcome.groupEnded(group);
      case Effect.Escalate(Escalation escalation) -> {
        LOG.log(Level.ERROR, escalation.why());
        tell(told -> told.escalated(escalation));
        // Last: whoever awaits the tree fails by it, and must not be the first to say why it ends.
        outcome.escalated(escalation);
      }
      case Effect.Gating(Child child, boolean down) ->
          gatingTouched |=
              down
                  ? gatingDown.put(child.sequence, child) == null
                  : gatingDown.remove(child.sequence) != null;
      case Effect.SuspectChanged(boolean now) -> {
        suspect = now;
        tell(told -> told.suspectChanged(now));
      }
      case Effect.Answered(Object reply, TaskAnswer answer) -> answer(reply, answer);
      case Effect.Note(String text) -> LOG.log(Level.INFO, text);
      case Effect.Trouble(Throwable thrown) ->
          LOG.log(
              Level.ERROR, "The supervisor of the tasks failed at a message and goes on", thrown);
      case Effect.AllLeft() -> outcome.allLeft();
      case Effect.Reached(Runnable action) -> action.run();
    }
  }

  @SuppressWarnings("unchecked")
  private static void answer(Object reply, TaskAnswer answer) {
    boolean _ = ((CompletableFuture<TaskAnswer>) reply).complete(answer);
  }

  private void abandon(Effect.Abandon abandon) {
    Child child = abandon.child();
    if (abandon.inStop()) {
      abandonedInStop.incrementAndGet();
    }
    Attempt attempt = abandon.left();
    if (attempt == null || attempt.thread == null) {
      return;
    }
    bodies.leftBehind(attempt);
    List<String> stack = stack(attempt.thread);
    Duration budget = child.task.stopWithin();
    LOG.log(
        Level.WARNING,
        "Task \"%s\", attempt %d did not leave within %s nor 1 s after its interrupt; it is left behind, its fence is raised. It is at%n\t%s"
            .formatted(
                child.name,
                abandon.attempt(),
                RestartPolicy.text(budget),
                String.join("\n\t", stack)));
    Abandoned left = new Abandoned(child.name, abandon.attempt(), budget, stack);
    tell(told -> told.abandoned(left));
  }

  private static List<String> stack(Thread thread) {
    return Stream.of(thread.getStackTrace())
        .limit(MAX_STACK)
        .map(StackTraceElement::toString)
        .toList();
  }

  private void restarted(Effect.Restarted restarted) {
    Child child = restarted.child();
    Task.Budget budget = child.task.budget();
    int next = restarted.failure().attempt() + 1;
    String granted =
        budget.restarts() == Task.Budget.UNLIMITED
            ? "restart %d in a row, of as many as it takes"
                .formatted(restarted.history().failuresInRow())
            : "restart %d of %d granted in %s"
                .formatted(
                    restarted.history().restarts().size(),
                    budget.restarts(),
                    RestartPolicy.text(budget.window()));
    String same =
        restarted.history().samePrints() < RestartPolicy.SAME_FAILURES
            ? ""
            : ", the longest pause because it failed %d times in a row in the same way"
                .formatted(restarted.history().samePrints());
    failed(
        child,
        restarted.failure(),
        "attempt %d in %s, %s%s"
            .formatted(next, RestartPolicy.text(restarted.delay()), granted, same));
    Effect.Failure failure = restarted.failure();
    tell(told ->
        told.restarted(child.name, next, restarted.delay(), failure.reason(), failure.cause()));
  }

  private void failed(Child child, Effect.Failure failure, String follows) {
    String line =
        "Task \"%s\", attempt %d failed; %s".formatted(child.name, failure.attempt(), follows);
    // The same failure again brings no news in its stack.
    if (failure.known()) {
      LOG.log(Level.WARNING, line + ": " + failure.text());
    } else {
      LOG.log(Level.WARNING, line, failure.cause());
    }
    tell(told -> told.attemptFailed(child.name, failure.attempt(), failure.cause()));
  }

  private void ended(Child child, State state) {
    ended.add(child);
    if (ended.size() > MAX_ENDED) {
      forgetOne();
    }
    tellGating();
    tell(told -> told.ended(child.name, state));
  }

  /** Forgets the task that ended first; one that gates readiness only if all do. */
  private void forgetOne() {
    Child oldest =
        ended.stream()
            .filter(child -> !child.task.isGatingReadiness() || !outcome.isShown(child))
            .findFirst()
            .orElseGet(ended::getFirst);
    ended.remove(oldest);
    forgetGate(oldest);
    outcome.forgotten(oldest);
  }

  /** A task that another took the place of gates nothing any more. */
  void forgetGate(Child child) {
    if (child.task.isGatingReadiness()) {
      var _ = gatingDown.remove(child.sequence);
    }
  }

  @Override
  public void delivered() {
    tellGating();
  }

  private void tellGating() {
    if (gatingTouched) {
      gatingTouched = false;
      tell(SupervisionListener::gatingChanged);
    }
  }

  @Override
  public void news(HangWatch.Finding finding, int ofThisLook, Consumer<Event> mail) {
    Attempt attempt = finding.attempt();
    Child child = attempt.child;
    switch (finding.verdict()) {
      case MOVES -> mail.accept(new Event.Moves(child, attempt.number));
      case SUSPECT -> {
        tellHung(finding, false);
        Duration soft = child.task.hang().orElseThrow().soft();
        String text = hungText(finding, "soft", soft);
        if (ofThisLook < MAX_STACKS_A_LOOK) {
          LOG.log(Level.WARNING, text, described(attempt, "where it stands"));
        } else {
          LOG.log(Level.WARNING, text);
        }
        mail.accept(new Event.StandsStill(child, attempt.number));
      }
      case HUNG -> {
        tellHung(finding, true);
        String text = hungText(finding, "hard", child.task.hang().orElseThrow().hard());
        long worked = attempt.changedAt() - child.phase().since();
        Event hung =
            new Event.Hung(
                child,
                attempt.number,
                AttemptEnd.hung(text, Math.max(0, worked)).proven(attempt.hasReported()),
                described(attempt, text));
        beforeCancel(attempt, text, () -> mail.accept(hung));
      }
    }
  }

  /** Whatever the listener does, the hang is acted upon. */
  private void beforeCancel(Attempt attempt, String why, Runnable go) {
    try {
      listener.beforeCancel(attempt.name(), attempt.number, why, go);
    } catch (RuntimeException broken) {
      LOG.log(Level.WARNING, "A listener of the tasks failed", broken);
      go.run();
    }
  }

  private void tellHung(HangWatch.Finding finding, boolean hard) {
    Attempt attempt = finding.attempt();
    Duration standing = Duration.ofNanos(finding.standing());
    tell(told -> told.hung(attempt.name(), attempt.number, hard, standing));
  }

  private static String hungText(HangWatch.Finding finding, String limit, Duration length) {
    OptionalLong position = finding.attempt().position();
    return "Task \"%s\", attempt %d made no progress for %s, its %s limit is %s; %s"
        .formatted(
            finding.attempt().name(),
            finding.attempt().number,
            RestartPolicy.text(Duration.ofNanos(finding.standing())),
            limit,
            RestartPolicy.text(length),
            position.isPresent()
                ? "last position " + position.getAsLong()
                : "it has reported no position");
  }

  private static TimeoutException described(Attempt attempt, String text) {
    TimeoutException description = new TimeoutException(text);
    @Nullable Thread thread = attempt.thread;
    if (thread != null) {
      description.setStackTrace(thread.getStackTrace());
    }
    return description;
  }

  private void tell(Consumer<SupervisionListener> what) {
    try {
      what.accept(listener);
    } catch (Throwable thrown) {
      if (isVmError(thrown)) {
        outcome.vmError(thrown);
      } else {
        LOG.log(Level.WARNING, "A listener of the tasks failed", thrown);
      }
    }
  }

  private static boolean isVmError(Throwable failure) {
    return AttemptEnd.kindOf(failure) == AttemptEnd.Kind.VM_ERROR;
  }

  List<String> gatingDown() {
    return gatingDown.isEmpty()
        ? List.of() // as a probe finds it nearly always
        : gatingDown.values().stream().map(child -> child.name).toList();
  }

  boolean isSuspect() {
    return suspect;
  }

  int abandonedInStop() {
    return abandonedInStop.get();
  }
}
