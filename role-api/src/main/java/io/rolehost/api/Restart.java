package io.rolehost.api;

/** Which ends of an attempt are followed by a new one, in Erlang/OTP's words. */
public enum Restart {
  /** Every end. A normal return counts as a failure whose message names {@link #TRANSIENT}. */
  PERMANENT,
  /** Only a failure; a normal return ends the task. */
  TRANSIENT,
  /** None: a failure is reported and the task has ended. */
  TEMPORARY
}
