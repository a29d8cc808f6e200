package io.rolehost.runtime.lifecycle;

/** The timers of a lifecycle. Arming one again moves it. */
public enum Timer {
  /** {@code onStart} or {@code onApplicationStart} has run too long. */
  START_TIMEOUT,
  /** A start that is to be given up is interrupted. */
  START_INTERRUPT,
  /** The drain, or what is in flight after it, has had its share. */
  DRAIN_END,
  /** {@code onApplicationEnd} has had its share. */
  APPLICATION_END_LIMIT,
  /** {@code run} is interrupted. */
  RUN_INTERRUPT,
  /** {@code run} has not answered its interrupt. */
  RUN_FENCE,
  /** Nothing orderly is possible any more. */
  DEADLINE
}
