package io.rolehost.jobs.schedule;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Tick;

/** Makes a message of a tick. */
@FunctionalInterface
public interface TickSender {

  /**
   * Sends a tick as a tracked job. Sending it again, from any process, changes nothing: the id is
   * its key for the broker and for the ledger.
   *
   * @param exclusive whether it has to wait for earlier ones of the same queue, on whichever
   *     machine they run: a message group
   * @throws io.rolehost.jobs.JobsUnavailableException if the broker can't be reached; it will be
   *     called again with the same id
   */
  void send(JobId id, String queue, Tick tick, boolean exclusive);
}
