package io.rolehost.api;

/** Why an instance stops. The first cause fixes it. */
public enum StopReason {
  /** A TERM, INT or (on a terminal) HUP signal. */
  SIGNAL,
  /** {@link RoleContext#requestRecycle} or the management plane's {@code POST /recycle}. */
  RECYCLE_REQUESTED,
  /** A changed setting that only a new start can apply. */
  CONFIG_CHANGED,
  /** {@link Role#run} returned though nobody asked for a stop. */
  RUN_RETURNED,
  /** {@link Role#run} threw, or a thread of the role's died of an exception. */
  RUN_FAILED,
  /** A task failed fatally, or spent its restart budget. */
  TASK_FATAL,
  /** Shared state is corrupt; see {@link CorruptionException}. */
  CORRUPTION,
  /** A start, a task or its replacement hung. */
  HANG,
  /** A new version takes over. */
  UPGRADE,
  /** The node that started the host is gone. */
  SUPERVISOR_LOST,
  /** User code called {@link System#exit}. */
  EXIT_CALLED,
  /** An operator asked, by {@code POST /stop} or the command line. */
  OPERATOR,
  /** A freeze with {@code hold} covers the instance. */
  FREEZE_HOLD
}
