package io.rolehost.jobs.ledger;

import io.rolehost.jobs.JobStatus;
import java.util.Optional;
import java.util.Set;

/**
 * Which jobs are wanted.
 *
 * @param queue of this queue alone
 * @param states in one of these states; all where it is empty
 */
public record JobFilter(Optional<String> queue, Set<JobStatus.State> states) {

  /** All jobs. */
  public static final JobFilter ALL = new JobFilter(Optional.empty(), Set.of());

  /** Copies the set. */
  public JobFilter {
    states = Set.copyOf(states);
  }
}
