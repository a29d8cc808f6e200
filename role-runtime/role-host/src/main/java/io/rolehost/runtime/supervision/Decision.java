package io.rolehost.runtime.supervision;

import io.rolehost.api.TaskHandle;
import java.time.Duration;

/** What follows from the end of an attempt. */
sealed interface Decision {

  /** Another attempt after {@code delay}. */
  record Again(Duration delay, History history) implements Decision {}

  /** No further attempt, and that is all; {@code state} is DONE or FAILED. */
  record Over(TaskHandle.State state) implements Decision {}

  /**
   * No further attempt of its own; the group decides, and at the top the role ends.
   *
   * @param what happened, without a full stop
   * @param advice sentences with the last failure and the next step
   */
  record GiveUp(Escalation.Kind kind, String what, String advice) implements Decision {

    /** Returns the whole text, with what follows from it. */
    String why(String follows) {
      return what + "; " + follows + ". " + advice;
    }
  }

  /** No further attempt, and the role has to end. */
  record Escalate(Escalation.Kind kind, String why) implements Decision {}
}
