package io.rolehost.jobs.ledger;

import io.rolehost.jobs.JobId;
import java.util.Optional;

/** Where jobs may go on after a kill: one position a job, written by its newest attempt alone. */
public interface Checkpoints {

  /**
   * Replaces the position of a job.
   *
   * @param position JSON
   * @throws io.rolehost.api.StaleFenceException if another attempt has taken the job over
   */
  void save(JobId id, long epoch, String position);

  /** Returns the last position, of whichever attempt. */
  Optional<String> position(JobId id);
}
