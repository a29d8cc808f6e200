package io.rolehost.runtime.supervision;

import io.rolehost.api.TaskHandle;
import java.time.Duration;
import java.util.List;

/**
 * Is told what happens in a tree: in order, on the supervisor's own thread, never under a lock. It
 * must not block: while it does, nothing is restarted. What it throws is logged.
 */
public interface SupervisionListener {

  /**
   * A new attempt was granted.
   *
   * @param attempt the number of the new attempt
   * @param delay how long it waits before it starts
   * @param reason in one word what ended the one before
   * @param cause what ended the one before
   */
  default void restarted(
      String task, int attempt, Duration delay, RestartReason reason, Throwable cause) {}

  /**
   * An attempt stands still past a limit of its own.
   *
   * @param hard whether it is past the hard one, so that it is asked to leave
   * @param standing how long it has made no progress
   */
  default void hung(String task, int attempt, boolean hard, Duration standing) {}

  /**
   * An attempt is past its hard limit and will be asked to leave when {@code go} is run. Whoever
   * wants to look at it while it still stands there does so on another thread, and runs {@code go}
   * soon in any case; more than once does no harm.
   *
   * @param why a sentence
   */
  default void beforeCancel(String task, int attempt, String why, Runnable go) {
    go.run();
  }

  /**
   * The fence of an attempt that is over refused something for the first time. Called on the thread
   * that met it.
   */
  default void writeRefused(String task, int attempt) {}

  /**
   * An attempt that was asked to leave has left. Called on the thread of that attempt, the last
   * that happens on it.
   *
   * @param took from its cancel to its end
   */
  default void left(String task, int attempt, Duration took) {}

  /** An attempt failed; what follows from it is told next. */
  default void attemptFailed(String task, int attempt, Throwable cause) {}

  /**
   * A group starts again as a whole, because a member spent its budget.
   *
   * @param group the full name
   * @param delay how long it waits before it starts
   * @param cause the last failure
   */
  default void groupRestarted(String group, Duration delay, Throwable cause) {}

  /** A task ended for good. */
  default void ended(String task, TaskHandle.State state) {}

  /** The role has to end. May come more than once; the first one counts, or a VM error. */
  default void escalated(Escalation escalation) {}

  /** {@link TaskTree#gatingDown} may have another answer now. */
  default void gatingChanged() {}

  /** {@link TaskTree#suspect} has this answer now. */
  default void suspectChanged(boolean suspect) {}

  /**
   * An attempt is about to be interrupted, for it has not left in time.
   *
   * @param stack where its thread is, innermost frame first; at most 64 lines
   */
  default void interrupted(String task, int attempt, List<String> stack) {}

  /** An attempt was left behind. */
  default void abandoned(Abandoned abandoned) {}
}
