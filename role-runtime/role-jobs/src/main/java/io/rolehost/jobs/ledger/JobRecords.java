package io.rolehost.jobs.ledger;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The rows of jobs. The order against the broker is fixed: {@link #create}, send, {@link #sent};
 * and {@link #done}, then the commit that takes the message away.
 *
 * <p>Each attempt that writes has an epoch, a number that grows with each claim. A write with an
 * older one changes nothing and throws {@link io.rolehost.api.StaleFenceException}.
 */
public interface JobRecords {

  /**
   * Writes a job that is about to be sent: pending, not sent yet.
   *
   * @return false if there is a row of this id already, which then stays as it is
   */
  boolean create(NewJob job);

  /** Notes that the broker has the job's message; what was kept for a second sending is dropped. */
  void sent(JobId id);

  /** Removes a job that was created and never sent, since what would have sent it failed. */
  void withdraw(JobId id);

  /** Returns what is known of a tracked job. */
  Optional<JobStatus> find(JobId id);

  /**
   * Takes a tracked job over for an attempt.
   *
   * @param attempt which it is, as the broker and the history of the message count
   */
  Claim claim(JobId id, int attempt);

  /**
   * Takes a job over that is not tracked, for an attempt that wants a checkpoint; makes its row if
   * there is none. Such a row is seen by no status.
   *
   * @return the epoch of this attempt
   */
  long adopt(JobId id, String type, String queue, int attempt);

  /** Throws unless the epoch is the newest of this job. */
  void check(JobId id, long epoch);

  /** Notes how far an attempt is. */
  void progress(JobId id, long epoch, JobStatus.Progress progress);

  /**
   * Ends a job well. Its checkpoint goes with it.
   *
   * @param result JSON
   */
  void done(JobId id, long epoch, Optional<String> result);

  /** Ends an attempt that failed, with another to come: the job is pending again. */
  void failedAttempt(JobId id, long epoch, String failure);

  /** Ends a job that is a dead letter now. Its checkpoint stays for a redrive. */
  void failed(JobId id, long epoch, String failure);

  /** Ends an attempt that was stopped and not failed: the job is pending again. */
  void givenBack(JobId id, long epoch);

  /** Ends an attempt that obeyed a cancel request. */
  void cancelled(JobId id, long epoch);

  /**
   * Ends a tracked job as a dead letter without an attempt, for a message that was delivered too
   * often; nothing happens where the job has ended already.
   */
  void buried(JobId id, String failure);

  /** Makes a dead letter pending again; false if the job is unknown or no dead letter. */
  boolean redriven(JobId id);

  /**
   * Asks for an end: a job that waits is cancelled at once, one that runs when its attempt obeys.
   *
   * @return whether there was something to cancel
   */
  boolean requestCancel(JobId id);

  /**
   * Returns those of {@code ids} for which a cancel was requested: one cheap query for all attempts
   * of a process.
   */
  List<JobId> cancelRequested(List<JobId> ids);

  /** Returns tracked jobs, the one submitted last first. */
  List<JobStatus> list(JobFilter filter, int limit);

  /** Returns jobs that were created before an instant and not sent since, oldest first. */
  List<NewJob> unsent(Instant before, int limit);

  /** Returns the tracked jobs of a queue that have not ended, oldest first. */
  List<JobId> unfinished(String queue, int limit);
}
