package io.rolehost.api;

/**
 * A task failed in a way that no restart helps: the role ends. Thrown by a task body to say so, and
 * by {@link TaskSupervisor#await} when a task failed so or spent its budget. Exit code 70.
 */
public class FatalTaskException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Creates the exception with a message for an operator. */
  public FatalTaskException(String message) {
    super(message);
  }

  /** Creates the exception with a message for an operator and what led to it. */
  public FatalTaskException(String message, Throwable cause) {
    super(message, cause);
  }
}
