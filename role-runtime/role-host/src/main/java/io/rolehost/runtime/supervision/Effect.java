package io.rolehost.runtime.supervision;

import io.rolehost.api.TaskHandle.State;
import io.rolehost.runtime.supervision.Node.Child;
import io.rolehost.runtime.supervision.Node.Group;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a {@link TaskMachine} wants done. */
sealed interface Effect {

  /** Done at once, by whoever has the machine: never blocks, calls no foreign code. */
  sealed interface Quick extends Effect {}

  /** Done in order on the supervisor's thread. */
  sealed interface Report extends Effect {}

  /** Start a thread for that attempt. */
  record Launch(Child child, int attempt) implements Quick {}

  /** Look at the attempt's progress from now on. */
  record Watch(Child child, int attempt) implements Quick {}

  /** The latest attempt is no more: don't look at it any more. */
  record Retire(Child child, int attempt) implements Quick {}

  /** Make shared state afresh; does not block, and comes before its holders start again. */
  record Renew(Runnable renew) implements Quick {}

  /** Cancel the attempt's token; what was registered with it runs beside. */
  record Cancel(Child child, int attempt) implements Quick {}

  /**
   * Interrupt the attempt's thread.
   *
   * @param pressed what the shell knows of it; it may be left behind by the time this is done
   */
  record Interrupt(Child child, int attempt, @Nullable Attempt pressed) implements Report {}

  /**
   * Raise the attempt's fence, and say where its thread is.
   *
   * @param inStop whether it counts for the stop
   * @param left what the shell knows of it; the child may have another one already
   */
  record Abandon(Child child, int attempt, boolean inStop, @Nullable Attempt left)
      implements Report {}

  /**
   * An attempt failed.
   *
   * @param known whether the one before failed with the same text
   */
  record Failure(int attempt, RestartReason reason, String text, Throwable cause, boolean known) {}

  /** An attempt failed; {@code follows} says what is done about it. */
  record Failed(Child child, Failure failure, String follows) implements Report {}

  /** An attempt failed and another was granted. */
  record Restarted(Child child, Failure failure, History history, Duration delay)
      implements Report {}

  /** A whole group starts again. */
  record GroupRestarted(Group group, Duration delay, String why, Throwable cause)
      implements Report {}

  /** A task is over. */
  record Ended(Child child, State state) implements Report {}

  /** A group is over. */
  record GroupEnded(Group group) implements Report {}

  /** The role has to end. */
  record Escalate(Escalation escalation) implements Report {}

  /** A task that gates readiness went down or came back. */
  record Gating(Child child, boolean down) implements Report {}

  /** Whether any task stands still has this answer now. */
  record SuspectChanged(boolean suspect) implements Report {}

  /** An operator's answer. */
  record Answered(Object reply, TaskAnswer answer) implements Report {}

  /** A line for the log. */
  record Note(String text) implements Report {}

  /** After a stop: nobody is left. */
  record AllLeft() implements Report {}

  /** The machine itself failed at an event. */
  record Trouble(Throwable thrown) implements Report {}

  /** Everything before this has been decided. */
  record Reached(Runnable action) implements Report {}
}
