package io.rolehost.runtime.supervision;

import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskGroup;
import io.rolehost.runtime.supervision.Node.Child;
import io.rolehost.runtime.supervision.Node.Group;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What the rules of a task lead to under given failures, in a moment and without a thread: asks the
 * very machine that decides in a host. Used by one thread.
 */
public final class PolicySimulation {

  /**
   * What becomes of one attempt.
   *
   * @param after how long it works
   * @param failure what it then throws; null for a normal return
   */
  public record Fate(Duration after, @Nullable Throwable failure) {}

  private final Task task;
  private final Queue<Fate> fates;
  private final TaskStory story = new TaskStory(() -> Duration.ofNanos(this.now));
  private final Deque<Effect> effects = new ArrayDeque<>();
  private final Child child;
  private final TaskMachine machine;
  private long now;
  private long fateAt = Long.MAX_VALUE;
  private int attempt;

  private PolicySimulation(Task task, List<Fate> fates, Jitter jitter) {
    this.task = task;
    this.fates = new ArrayDeque<>(fates);
    Group root = new Group("", TaskGroup.named("tasks").strategy(Strategy.ONE_FOR_ONE), null);
    this.child = new Child(task.name(), task, root, 0);
    this.machine = new TaskMachine(root, jitter, false, effects::add);
  }

  /**
   * Plays the life of a task whose attempts end one after another as {@code fates} say; the attempt
   * after the last of them runs on.
   *
   * @param jitter varies the back-offs as in a host
   * @return what happened, ending with the end of the task or with the attempt that runs on
   */
  public static List<TaskStory.Line> run(Task task, List<Fate> fates, Jitter jitter) {
    PolicySimulation simulation = new PolicySimulation(task, fates, jitter);
    simulation.play();
    return simulation.story.lines();
  }

  /** Returns what is wrong with the rules themselves, as a start of the task would say. */
  public static List<String> problems(Task task) {
    return PolicyLint.problems(task.name(), task, false, Optional.empty());
  }

  private void play() {
    tell(new Event.StartAsked(child));
    while (true) {
      long next = Math.min(fateAt, machine.nextDue());
      if (next == Long.MAX_VALUE) {
        break;
      }
      now = next;
      if (fateAt == now) {
        tell(endOf(fates.remove()));
      } else {
        tell(new Event.TimeIs());
      }
    }
    if (child.phase().isUp()) {
      story.add("%s runs on, attempt %d".formatted(task.name(), attempt));
    }
  }

  private Event endOf(Fate fate) {
    fateAt = Long.MAX_VALUE;
    @Nullable Throwable failure = fate.failure();
    return new Event.Ended(child, attempt, Bodies.endOf(child, failure, false, true), failure);
  }

  private void tell(Event event) {
    machine.on(event, now);
    for (Effect effect = effects.poll(); effect != null; effect = effects.poll()) {
      perform(effect);
    }
  }

  private void perform(Effect effect) {
    switch (effect) {
      case Effect.Launch(_, int number) -> {
        attempt = number;
        fateAt = fates.isEmpty() ? Long.MAX_VALUE : now + fates.peek().after().toNanos();
      }
      case Effect.Failed(_, Effect.Failure failure, _) ->
          story.attemptFailed(task.name(), failure.attempt(), failure.cause());
      case Effect.Restarted(_, Effect.Failure failure, _, Duration delay) -> {
        story.attemptFailed(task.name(), failure.attempt(), failure.cause());
        story.restarted(
            task.name(), failure.attempt() + 1, delay, failure.reason(), failure.cause());
      }
      case Effect.GroupRestarted(Group group, Duration delay, _, Throwable cause) ->
          story.groupRestarted(group.name, delay, cause);
      case Effect.Ended(_, var state) -> story.ended(task.name(), state);
      case Effect.Escalate(Escalation escalation) -> story.escalated(escalation);
      case Effect.Watch _,
          Effect.Retire _,
          Effect.Renew _,
          Effect.Cancel _,
          Effect.Interrupt _,
          Effect.Abandon _,
          Effect.GroupEnded _,
          Effect.Gating _,
          Effect.SuspectChanged _,
          Effect.Answered _,
          Effect.Note _,
          Effect.AllLeft _,
          Effect.Trouble _,
          Effect.Reached _ -> {}
    }
  }
}
