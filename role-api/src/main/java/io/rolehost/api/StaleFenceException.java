package io.rolehost.api;

/** Thrown by {@link Fence#check} in an attempt that was abandoned: another one has its place. */
@Experimental
public final class StaleFenceException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /** Creates the exception with a message that names the task and the attempt. */
  public StaleFenceException(String message) {
    super(message);
  }
}
