package io.rolehost.api;

/**
 * Shared state is corrupt. Thrown from a task, from {@code run} or from any thread of the role:
 * every task is cancelled, the role stops in order, with {@code onStop} and without a drain, and
 * the process exits with 80, which a supervisor answers with a recycle.
 */
public class CorruptionException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Creates the exception with a message for an operator. */
  public CorruptionException(String message) {
    super(message);
  }

  /** Creates the exception with a message for an operator and what led to it. */
  public CorruptionException(String message, Throwable cause) {
    super(message, cause);
  }
}
