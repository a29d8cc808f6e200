package io.rolehost.api;

/** One supervised task, seen from outside. Every method may be called from any thread. */
public interface TaskHandle {

  /** What a task is doing. */
  enum State {
    /**
     * An attempt is being started, has not acknowledged its start, or waits for a sibling that has
     * not.
     */
    STARTING,
    /** An attempt runs. */
    RUNNING,
    /** A periodic task waits for its next run. */
    WAITING,
    /**
     * The last attempt failed, or its group is starting again; the next one waits for its back-off.
     */
    BACKOFF,
    /** The attempt was asked to leave. */
    STOPPING,
    /** It ended as it should, or was stopped. */
    DONE,
    /** It failed and no attempt will follow. */
    FAILED,
    /** It was asked to leave, did not answer, and was left behind with its fence raised. */
    ABANDONED
  }

  /** Returns the name of the task. */
  String name();

  /** Returns what the task is doing now. */
  State state();

  /** Returns how many attempts have been started. */
  int attempts();

  /** Asks the task to leave for good and returns at once. A second call has no effect. */
  void stop();
}
