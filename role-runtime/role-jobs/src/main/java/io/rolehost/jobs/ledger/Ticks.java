package io.rolehost.jobs.ledger;

import io.rolehost.jobs.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What became of each planned tick: one row for each schedule and instant. */
public interface Ticks {

  /** What became of a tick. */
  enum Outcome {
    /** Its job waits for its turn. */
    SENT,
    /** Its job runs. */
    RUNNING,
    /** Its job ended well. */
    RAN,
    /** Its job is a dead letter. */
    FAILED,
    /** Its job was cancelled. */
    CANCELLED,
    /** Nobody was there in time. */
    MISSED,
    /** The run before was not over. */
    SKIPPED,
    /** The schedule was paused. */
    PAUSED,
    /** The role was frozen. */
    FROZEN
  }

  /**
   * One planned tick.
   *
   * @param job what it became, if it was sent
   * @param decided when that was decided; minus {@code planned} it is the lateness
   * @param ended when its job ended
   */
  record Entry(
      String schedule,
      Instant planned,
      Outcome outcome,
      Optional<JobId> job,
      Instant decided,
      Optional<Instant> ended) {}

  /**
   * Records what was decided of ticks, all or none; a tick that is recorded already stays as it is.
   *
   * @param kept how long the rows stay
   */
  void record(List<Entry> entries, Duration kept);

  /** Returns the ticks of a schedule, the last planned first. */
  List<Entry> list(String schedule, int limit);
}
