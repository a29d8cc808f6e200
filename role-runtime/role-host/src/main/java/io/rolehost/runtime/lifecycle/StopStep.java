package io.rolehost.runtime.lifecycle;

/** The steps of a stop after its drain, in their order. */
public enum StopStep {
  /** Startup tasks that still run are killed with their children. */
  STARTUP_TASKS,
  /** A start that still runs is waited for. */
  START,
  /** Listeners are closed and what is in flight ends. */
  LISTENERS,
  /** {@code onApplicationEnd} runs. */
  APPLICATION_END,
  /** Stop tokens are cancelled and {@code onStop} runs. */
  ON_STOP,
  /** Tasks and {@code run} leave. */
  WORK,
  /** Foreground startup tasks end. */
  FOREGROUND,
  /** What {@code closeOnStop} holds is closed. */
  RESOURCES,
  /** Logs are flushed, the management plane goes down, the process exits. */
  LEAVE;

  /** Returns the step after this one; the last one has itself. */
  public StopStep next() {
    return switch (this) {
      case STARTUP_TASKS -> START;
      case START -> LISTENERS;
      case LISTENERS -> APPLICATION_END;
      case APPLICATION_END -> ON_STOP;
      case ON_STOP -> WORK;
      case WORK -> FOREGROUND;
      case FOREGROUND -> RESOURCES;
      case RESOURCES, LEAVE -> LEAVE;
    };
  }
}
