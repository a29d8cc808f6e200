package io.rolehost.runtime.supervision;

import io.rolehost.api.TaskHandle;
import java.time.Duration;

/** What follows from the end of an attempt. */
sealed interface Decision {

  /** Another attempt after {@code delay}. */
  record Again(Duration delay, History history) implements Decision {}

  /** No further attempt, and that is all; {@code state} is DONE or FAILED. */
  record Over(TaskHandle.State state) implements Decision {}

  /** No further attempt, and the role has to end. */
  record Escalate(Escalation.Kind kind, String why) implements Decision {}
}
