package io.rolehost.runtime.supervision;

import io.rolehost.api.Restart;
import io.rolehost.api.TaskHandle.State;
import io.rolehost.runtime.supervision.Node.Child;
import io.rolehost.runtime.supervision.Node.Group;
import io.rolehost.runtime.supervision.Phase.Then;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the tasks of a role. No clock, no thread, no log: events and the time come in,
 * effects go out, and the same events give the same effects. Owned by one thread at a time.
 *
 * <p>This class lives the life of single tasks; {@link Siblings} knows what it means for others.
 */
final class TaskMachine {

  /** How long a thread may take to leave after its interrupt; the contract's second. */
  static final long AFTER_INTERRUPT = Duration.ofSeconds(1).toNanos();

  private final Jitter jitter;
  private final boolean limitsOff;
  private final Consumer<Effect> out;
  private final DueTimers timers = new DueTimers();
  private final Siblings siblings;
  private final Leaving leaving;
  private final Operator operator = new Operator(this);
  private long now;
  private long sequences;
  private int living;
  private int suspects;
  private boolean suspectTold;
  private boolean stopping;
  private boolean allLeftTold;

  /**
   * Creates a machine without tasks.
   *
   * @param root the group of all
   * @param jitter varies the back-offs
   * @param limitsOff true under a debugger: no start, hang and stop limits
   * @param out takes the effects, in order
   */
  TaskMachine(Group root, Jitter jitter, boolean limitsOff, Consumer<Effect> out) {
    this.jitter = jitter;
    this.limitsOff = limitsOff;
    this.out = out;
    this.siblings = new Siblings(this, root);
    this.leaving = new Leaving(this, limitsOff);
  }

  /**
   * Decides what follows from {@code event} at {@code time}. What is due waits for {@link
   * Event.TimeIs}, so that those who have left, with an event that is still to come, are not
   * pressed.
   */
  void on(Event event, long time) {
    now = time;
    switch (event) {
      case Event.TimeIs() -> fireDue();
      case Event.GroupMade(Group group) -> {
        group.sequence = ++sequences;
        siblings.add(group);
      }
      case Event.StartAsked(Child child) -> start(child);
      case Event.Started(Child child, int attempt) -> started(child, attempt);
      case Event.Ended ended -> ended(ended);
      case Event.Exited(Child child, int attempt) -> {
        if (isUp(child, attempt)) {
          emit(new Effect.Retire(child, attempt));
          down(child);
          over(child, State.DONE);
          siblings.afterDown(child);
        }
      }
      case Event.StandsStill(Child child, int attempt) -> {
        if (isUp(child, attempt)) {
          suspect(child, true);
        }
      }
      case Event.Moves(Child child, int attempt) -> {
        if (isUp(child, attempt)) {
          suspect(child, false);
        }
      }
      case Event.Hung hung -> {
        if (isUp(hung.child(), hung.attempt())
            && !(hung.child().phase() instanceof Phase.Leaving)) {
          suspect(hung.child(), true);
          leaving.leave(hung.child(), new Then.Fail(hung.end(), hung.cause()));
        }
      }
      case Event.TaskStopAsked(Child child) -> {
        boolean _ = end(child);
      }
      case Event.Asked(Event.Wish wish, Child child, Object reply) ->
          emit(new Effect.Answered(reply, operator.answer(wish, child)));
      case Event.Corrupted corrupted -> corrupted(corrupted);
      case Event.Poisoned poisoned -> siblings.poisoned(poisoned);
      case Event.StopAsked(boolean atOnce) -> stopAll(atOnce);
      case Event.StopEnds(long at) -> {
        leaving.endsAt(at);
        siblings.limitStop();
      }
      case Event.VmBroken(Throwable error) -> vmBroken(error);
      case Event.Marker(Runnable action) -> {
        fireDue();
        emit(new Effect.Reached(action));
      }
    }
    boolean suspectNow = suspects > 0;
    if (suspectNow != suspectTold) {
      suspectTold = suspectNow;
      emit(new Effect.SuspectChanged(suspectNow));
    }
    if (stopping && living == 0 && !allLeftTold) {
      allLeftTold = true;
      emit(new Effect.AllLeft());
    }
  }

  /** Returns when something is due; the longest time if nothing is. */
  long nextDue() {
    return timers.nextDue();
  }

  /** Returns how many timers are armed. */
  int armed() {
    return timers.size();
  }

  /** Returns how many tasks are not over. */
  int living() {
    return living;
  }

  /** Returns whether all that runs was asked to leave. */
  boolean isStopping() {
    return stopping;
  }

  // ---- the life of one task

  private void start(Child child) {
    child.sequence = ++sequences;
    living++;
    if (child.task.isGatingReadiness()) {
      // A task that was started again by its name takes the place of the one before.
      emit(new Effect.Gating(child, false));
    }
    if (stopping || child.group().ended) {
      child.group().append(child);
      over(child, State.DONE);
    } else {
      siblings.add(child);
    }
  }

  void launch(Child child) {
    timers.disarm(child);
    int attempt = child.phase().attempt() + 1;
    boolean acknowledges = child.task.startsWithin().isPresent();
    // The next ticks are counted from this one, not from when somebody got round to it.
    long since = child.phase() instanceof Phase.Resting(int _, long _, long tick) ? tick : now;
    enter(
        child,
        acknowledges ? new Phase.Starting(attempt, since) : new Phase.Running(attempt, since));
    siblings.cameUp(child);
    emit(new Effect.Launch(child, attempt));
    if (!acknowledges) {
      watch(child, attempt);
    } else if (!limitsOff) {
      timers.arm(child, now + RestartPolicy.nanos(child.task.startsWithin().get()));
    }
    siblings.order().unsettled(child, acknowledges && !child.acknowledged);
  }

  private void watch(Child child, int attempt) {
    if (child.task.hang().isPresent() && !limitsOff) {
      emit(new Effect.Watch(child, attempt));
    }
  }

  private void started(Child child, int attempt) {
    if (child.phase() instanceof Phase.Starting(int current, long since) && current == attempt) {
      timers.disarm(child);
      child.acknowledged = true;
      enter(child, new Phase.Running(attempt, since));
      watch(child, attempt);
      siblings.order().unsettled(child, false);
    }
  }

  private void ended(Event.Ended event) {
    Child child = event.child();
    if (!isUp(child, event.attempt())) {
      note(
          "Attempt %d of task \"%s\", left behind before, has ended"
              .formatted(event.attempt(), child.name));
      if (event.end().kind() == AttemptEnd.Kind.VM_ERROR && event.cause() != null) {
        vmBroken(event.cause());
      }
      return;
    }
    emit(new Effect.Retire(child, event.attempt()));
    Phase was = child.phase();
    down(child);
    if (was instanceof Phase.Leaving(int _, long _, Then then, boolean _)
        && event.end().kind() != AttemptEnd.Kind.VM_ERROR) {
      if (event.cause() != null) {
        note(
            "Task \"%s\" threw after it was asked to stop; that is no failure: %s"
                .formatted(child.name, event.end().text()));
      }
      left(child, then, State.DONE);
    } else {
      Throwable cause =
          event.cause() == null
              ? new IllegalStateException(RestartPolicy.returnedText(child.name))
              : event.cause();
      conclude(child, event.end().worked(now - was.since()), cause);
    }
    siblings.afterDown(child);
  }

  /** An attempt is no more, however it went; {@link Siblings#afterDown} has to follow. */
  private void down(Child child) {
    timers.disarm(child);
    suspect(child, false);
    siblings.wentDown(child);
  }

  private void left(Child child, Then then, State state) {
    switch (then) {
      case Then.End() -> over(child, state);
      case Then.Hold() -> siblings.hold(child);
      case Then.Again() -> launch(child);
      case Then.Fail(AttemptEnd end, Throwable cause) -> conclude(child, end, cause);
    }
  }

  private void conclude(Child child, AttemptEnd end, Throwable cause) {
    child.proven |=
        end.proven()
            || end.healthyNanos() >= RestartPolicy.nanos(RestartPolicy.stableAfter(child.task));
    if (child.task.every().isPresent() && end.kind() == AttemptEnd.Kind.RETURNED) {
      child.proven = true;
      child.history = child.history.healthy();
      rest(child, now);
      return;
    }
    Decision decision =
        RestartPolicy.decide(
            child.name, child.task, child.history, end.proven(child.proven), now, chance(child));
    switch (decision) {
      case Decision.Over(State state) -> {
        if (state == State.FAILED) {
          String why =
              end.kind() == AttemptEnd.Kind.FINAL
                  ? "no other attempt follows, its rules say so"
                  : "no other attempt follows, it is TEMPORARY";
          emit(new Effect.Failed(child, failure(child, end, cause), why));
        } else {
          child.acknowledged = true;
        }
        boolean ends = state == State.DONE && child.task.isSignificant();
        over(child, state);
        if (ends) {
          siblings.endGroup(child.group());
        }
      }
      case Decision.Again(Duration delay, History history) -> {
        child.history = history;
        emit(new Effect.Restarted(child, failure(child, end, cause), history, delay));
        if (child.task.every().isPresent()) {
          rest(child, now + RestartPolicy.nanos(delay));
        } else {
          siblings.again(child, now + RestartPolicy.nanos(delay));
        }
      }
      case Decision.GiveUp giveUp -> {
        emit(new Effect.Failed(child, failure(child, end, cause), "it gives up"));
        siblings.giveUp(child, giveUp, cause);
      }
      case Decision.Escalate(Escalation.Kind kind, String why) -> {
        emit(new Effect.Failed(child, failure(child, end, cause), "it escalates"));
        escalate(new Escalation(kind, child.name, why, cause));
        over(child, State.FAILED);
      }
    }
  }

  private Effect.Failure failure(Child child, AttemptEnd end, Throwable cause) {
    String text = end.text().isEmpty() ? AttemptEnd.textOf(cause) : end.text();
    boolean known = text.equals(child.lastFailure);
    child.lastFailure = text;
    return new Effect.Failure(child.phase().attempt(), reason(end.kind()), text, cause, known);
  }

  private static RestartReason reason(AttemptEnd.Kind kind) {
    return switch (kind) {
      case RETURNED -> RestartReason.RETURNED;
      case HUNG -> RestartReason.HUNG;
      case FAILED, FINAL, FATAL, PERMANENT, CORRUPTION, VM_ERROR -> RestartReason.FAILED;
    };
  }

  /** Has a periodic task wait for its next tick, which is not before {@code earliest}. */
  private void rest(Child child, long earliest) {
    long period = RestartPolicy.nanos(child.task.every().orElseThrow());
    long last = child.phase().since();
    long missed = Math.max(0, earliest - last - (earliest == now ? 0 : 1)) / period;
    long tick = last + (missed + 1) * period;
    enter(child, new Phase.Resting(child.phase().attempt(), now, tick));
    timers.arm(child, tick);
  }

  /** Has the next attempt wait for its time, or starts it now. */
  void backOff(Child child, long until) {
    if (until <= now) {
      launch(child);
      return;
    }
    enter(child, new Phase.Backoff(child.phase().attempt(), now, until));
    timers.arm(child, until);
  }

  /** No attempt follows. */
  void over(Child child, State state) {
    timers.disarm(child);
    child.history = History.NONE;
    enter(child, new Phase.Over(child.phase().attempt(), now, state));
    siblings.order().unsettled(child, false);
    siblings.remove(child);
    living--;
    emit(new Effect.Ended(child, state));
  }

  // ---- leaving

  private void press(Child child, Phase.Leaving phase) {
    if (!phase.pressed()) {
      enter(child, new Phase.Leaving(phase.attempt(), phase.since(), phase.then(), true));
      emit(new Effect.Interrupt(child, phase.attempt(), child.attempt));
      leaving.armWithinStop(child, now + AFTER_INTERRUPT, 0);
      return;
    }
    Attempt left = child.attempt;
    emit(new Effect.Retire(child, phase.attempt()));
    emit(new Effect.Abandon(child, phase.attempt(), stopping, left));
    down(child);
    left(child, phase.then(), State.ABANDONED);
    siblings.afterDown(child);
  }

  // ---- all of them

  private void stopAll(boolean atOnce) {
    if (stopping && !atOnce) {
      return;
    }
    stopping = true;
    siblings.stop(atOnce);
  }

  private void corrupted(Event.Corrupted event) {
    if (stopping) {
      note("Shared state \"%s\" was poisoned after the stop was asked".formatted(event.shared()));
      return;
    }
    escalate(
        new Escalation(
            Escalation.Kind.CORRUPTION,
            event.shared(),
            event.text() + "; every task was cancelled",
            event.cause()));
  }

  private void vmBroken(Throwable error) {
    escalate(
        new Escalation(
            Escalation.Kind.VM_ERROR,
            "",
            "An error of the JVM that nothing can be built on: " + AttemptEnd.textOf(error),
            error));
  }

  void escalate(Escalation escalation) {
    emit(new Effect.Escalate(escalation));
    if (escalation.kind() == Escalation.Kind.CORRUPTION) {
      stopAll(true);
    }
  }

  /** Ends a task for good; returns false if it is over already. */
  boolean end(Child child) {
    return switch (child.phase()) {
      case Phase.Over _ -> false;
      case Phase.Starting _, Phase.Running _, Phase.Leaving _ -> {
        leaving.leave(child, new Then.End());
        yield true;
      }
      case Phase.Waiting _, Phase.Backoff _, Phase.Resting _, Phase.Held _ -> {
        over(child, State.DONE);
        yield true;
      }
    };
  }

  // ---- what both classes use

  void enter(Child child, Phase next) {
    boolean wasDown = child.phase().isDown();
    child.enter(next);
    if (child.task.isGatingReadiness() && wasDown != next.isDown()) {
      emit(new Effect.Gating(child, next.isDown()));
    }
  }

  /** Returns whether a task may be kept until its group starts again. */
  static boolean isKept(Child child) {
    return child.task.restart() != Restart.TEMPORARY;
  }

  private void suspect(Child child, boolean suspect) {
    if (child.suspect != suspect) {
      child.suspect = suspect;
      suspects += suspect ? 1 : -1;
    }
  }

  private static boolean isUp(Child child, int attempt) {
    return child.phase().isUp() && child.phase().attempt() == attempt;
  }

  private void fireDue() {
    for (@Nullable Node due = timers.pollDue(now); due != null; due = timers.pollDue(now)) {
      switch (due) {
        case Child child -> fire(child);
        case Group group -> siblings.fire(group);
      }
    }
  }

  private void fire(Child child) {
    switch (child.phase()) {
      case Phase.Backoff _, Phase.Resting _ -> launch(child);
      case Phase.Starting _ -> {
        String text =
            "Task \"%s\" did not acknowledge its start within %s"
                .formatted(child.name, RestartPolicy.text(child.task.startsWithin().orElseThrow()));
        Throwable cause = new TimeoutException(text);
        leaving.leave(
            child,
            new Then.Fail(
                new AttemptEnd(AttemptEnd.Kind.FAILED, text, 0).like(FailurePrint.of(true, cause)),
                cause));
      }
      case Phase.Leaving phase -> press(child, phase);
      case Phase.Waiting _, Phase.Running _, Phase.Held _, Phase.Over _ -> {}
    }
  }

  void arm(Node node, long at) {
    timers.arm(node, at);
  }

  void disarm(Node node) {
    timers.disarm(node);
  }

  long now() {
    return now;
  }

  Leaving leaving() {
    return leaving;
  }

  double chance(Node node) {
    return jitter.next(node.name, now);
  }

  void emit(Effect effect) {
    out.accept(effect);
  }

  private void note(String text) {
    emit(new Effect.Note(text));
  }
}
