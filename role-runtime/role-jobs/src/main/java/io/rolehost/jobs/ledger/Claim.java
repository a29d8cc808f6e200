package io.rolehost.jobs.ledger;

import io.rolehost.jobs.JobStatus;

/** What an attempt gets that wants to take a tracked job over. */
public sealed interface Claim {

  /**
   * The job is this attempt's.
   *
   * @param epoch to be said at each write
   * @param cancelRequested whether an end was asked for while an earlier attempt ran
   */
  record Owned(long epoch, boolean cancelRequested) implements Claim {}

  /** The job has ended; its message is a copy that was left over. */
  record Over(JobStatus.State state) implements Claim {}

  /** There is no row: its retention is over, or the database was lost. */
  record Unknown() implements Claim {}
}
