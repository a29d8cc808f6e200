package io.rolehost.jobs;

/** This job can't succeed by trying again: it becomes a dead letter at once. */
public class PermanentJobException extends Exception {
  private static final long serialVersionUID = 1;

  /** Says why, for whoever reads the dead letter. */
  public PermanentJobException(String message) {
    super(message);
  }

  /** Says why, with the cause. */
  public PermanentJobException(String message, Throwable cause) {
    super(message, cause);
  }
}
