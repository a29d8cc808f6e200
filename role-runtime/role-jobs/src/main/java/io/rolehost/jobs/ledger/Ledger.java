package io.rolehost.jobs.ledger;

import java.time.InstantSource;
import javax.sql.DataSource;

/**
 * What must outlive a process, in one database: a file of this machine or a PostgreSQL server. Each
 * call is one transaction, which outlives a kill. What is promised to others (a job, a key, a
 * checkpoint, an end) is on disk when the call returns; of what a power cut would only have
 * repeated with the same id (that a message was sent, a claim, a tick) the last may be lost then.
 * May be used from any thread.
 *
 * <p>Every call throws {@link io.rolehost.jobs.JobsUnavailableException} when the database can't be
 * had in the time set for it; then nothing was written, or, where the connection broke in the
 * middle of a commit, perhaps all of it: each call may be made again. Nothing is opened before the
 * first call.
 */
public interface Ledger extends AutoCloseable {

  /**
   * Returns the ledger of these settings; nothing is opened before the first call on it.
   *
   * @throws io.rolehost.api.PermanentFailureException if the URL is of another database
   */
  static Ledger of(LedgerSettings settings, InstantSource clock) {
    return new SqlLedger(settings, clock);
  }

  /** Returns the rows of jobs. */
  JobRecords jobs();

  /** Returns where jobs may go on after a kill. */
  Checkpoints checkpoints();

  /** Returns the keys by which a second request is known. */
  Keys keys();

  /** Returns what became of each planned tick. */
  Ticks ticks();

  /** Returns the schedules that were declared. */
  ScheduleRows schedules();

  /** Returns which versions of which files were taken. */
  Receipts receipts();

  /** Returns which queues operators have paused. */
  Pauses pauses();

  /**
   * Returns connections to the same database, for a library that keeps a table of its own in it.
   */
  DataSource dataSource();

  /** Returns the clock that all who share it go by: this machine's, or the server's. */
  InstantSource clock();

  /** Returns whether processes of other machines may share it. */
  boolean shared();

  /** Removes a bite of what is older than its retention; true as long as there is more. */
  boolean purge();

  /** Closes all connections; a call made later throws. */
  @Override
  void close();
}
