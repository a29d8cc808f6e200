package io.rolehost.runtime.supervision;

/** Why an attempt is followed by another one. */
public enum RestartReason {
  /** Its body threw, or did not acknowledge its start in time. */
  FAILED,
  /** Its body returned, which a permanent task must not. */
  RETURNED,
  /** It made no progress for longer than its hard limit. */
  HUNG
}
