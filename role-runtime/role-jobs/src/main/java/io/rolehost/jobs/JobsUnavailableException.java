package io.rolehost.jobs;

/** The broker or the ledger can't be reached now; the message names it and the next step. */
public class JobsUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Says what was not reached, how long it was tried, and what to look at. */
  public JobsUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
