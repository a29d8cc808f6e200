package io.rolehost.runtime.lifecycle;

import static java.util.Objects.requireNonNull;

import io.rolehost.api.StopReason;

/**
 * Why a host is to stop, and what follows from it.
 *
 * @param reason told to the role
 * @param code the exit code, unless the stop is forced
 * @param text one sentence for an operator
 * @param drains whether a role that serves goes on serving for the drain
 * @param graceNanos the grace of this stop; 0 = the configured one
 */
public record StopCause(StopReason reason, int code, String text, boolean drains, long graceNanos) {

  private static final long SUPERVISOR_LOST_GRACE_NANOS = 3_000_000_000L;

  /** Checks that nothing is missing. */
  public StopCause {
    requireNonNull(reason, "reason");
    requireNonNull(text, "text");
  }

  private StopCause(StopReason reason, int code, String text) {
    this(reason, code, text, true, 0);
  }

  /** A signal that asks for a stop. */
  public static StopCause signal(String name) {
    return new StopCause(StopReason.SIGNAL, ExitCode.OK, "signal " + name);
  }

  /** An operator asked, by the management plane or the command line. */
  public static StopCause operator(String by) {
    return new StopCause(StopReason.OPERATOR, ExitCode.OK, "stop asked by " + by);
  }

  /** A recycle was asked for. */
  public static StopCause recycle(String why) {
    return new StopCause(StopReason.RECYCLE_REQUESTED, ExitCode.RECYCLE, "recycle: " + why);
  }

  /** A changed setting needs a new start. */
  public static StopCause configChanged(String what) {
    return new StopCause(
        StopReason.CONFIG_CHANGED, ExitCode.RECYCLE, "configuration changed: " + what);
  }

  /** A freeze with hold covers the instance. */
  public static StopCause freezeHold(String by) {
    return new StopCause(StopReason.FREEZE_HOLD, ExitCode.RECYCLE, "held by a freeze: " + by);
  }

  /** {@code run} returned. */
  public static StopCause runReturned(boolean stops) {
    return new StopCause(
        StopReason.RUN_RETURNED,
        stops ? ExitCode.OK : ExitCode.RUN_RETURNED,
        stops
            ? "run returned, and rolehost.run.on-return = stop"
            : "run returned though no stop was asked; set rolehost.run.on-return = stop if it may");
  }

  /** {@code run}, an application start or a thread of the role's failed. */
  public static StopCause failed(String text) {
    return new StopCause(StopReason.RUN_FAILED, ExitCode.FAILED, text);
  }

  /** The start can't succeed now, and may later. */
  public static StopCause refused(String text) {
    return new StopCause(StopReason.RUN_FAILED, ExitCode.REFUSED, text);
  }

  /** No restart helps. */
  public static StopCause permanent(String text) {
    return new StopCause(StopReason.RUN_FAILED, ExitCode.PERMANENT, text);
  }

  /** A task failed fatally or spent its budget. */
  public static StopCause taskFatal(String text) {
    return new StopCause(StopReason.TASK_FATAL, ExitCode.FAILED, text);
  }

  /** Shared state is corrupt. */
  public static StopCause corruption(String text) {
    return new StopCause(StopReason.CORRUPTION, ExitCode.CORRUPTION, text, false, 0);
  }

  /** A task and its replacement hung. */
  public static StopCause hang(String text) {
    return new StopCause(StopReason.HANG, ExitCode.HANG, text, false, 0);
  }

  /** The node is gone. */
  public static StopCause supervisorLost(String text) {
    return new StopCause(
        StopReason.SUPERVISOR_LOST,
        ExitCode.SUPERVISOR_LOST,
        text,
        false,
        SUPERVISOR_LOST_GRACE_NANOS);
  }

  /**
   * User code called {@code System.exit}.
   *
   * @param status as it was called; a process gives its parent the low eight bits
   * @param returnStops whether {@code rolehost.run.on-return = stop}
   */
  public static StopCause exitCalled(int status, boolean returnStops) {
    int code = status & 0xff;
    return new StopCause(
        StopReason.EXIT_CALLED,
        code == 0 && !returnStops ? ExitCode.EXIT_ZERO : code,
        "the role called System.exit(" + status + ")");
  }
}
