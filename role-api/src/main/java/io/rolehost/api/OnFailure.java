package io.rolehost.api;

/** What follows from a failure of a certain type; see {@link Task#onFailure}. */
@Experimental
public enum OnFailure {
  /** What the task's {@link Restart} says, as without a rule: exempts a type from a wider rule. */
  RESTART,
  /** The task ends as {@link TaskHandle.State#FAILED} and the role goes on. */
  END,
  /** The role ends, as after a {@link FatalTaskException}. */
  FATAL
}
