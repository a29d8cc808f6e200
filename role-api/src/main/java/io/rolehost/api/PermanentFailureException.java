package io.rolehost.api;

/**
 * Starting again would fail again: a missing licence, a schema that is too new. Thrown from {@code
 * onStart}, {@code run} or a task; the process exits with 78, which tells a supervisor not to
 * restart.
 */
public class PermanentFailureException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Creates the exception with a message for an operator. */
  public PermanentFailureException(String message) {
    super(message);
  }

  /** Creates the exception with a message for an operator and what led to it. */
  public PermanentFailureException(String message, Throwable cause) {
    super(message, cause);
  }
}
