package io.rolehost.jobs;

import java.time.Instant;
import java.util.Optional;

/**
 * What the ledger knows of a tracked job.
 *
 * @param type name of the payload's type
 * @param queue where it was sent
 * @param attempts begun so far
 * @param result JSON, once it is done and its handler set one
 * @param failure why the last attempt failed
 * @param keptUntil when an ended job is forgotten
 */
public record JobStatus(
    JobId id,
    String type,
    String queue,
    State state,
    int attempts,
    Progress progress,
    Optional<String> result,
    Optional<String> failure,
    Instant submittedAt,
    Instant changedAt,
    Optional<Instant> keptUntil) {

  /** Where a job stands. */
  public enum State {
    /** Waits for its turn, its time, or its next attempt. */
    PENDING,
    /** A live attempt owns it. */
    RUNNING,
    /** Ended well. */
    DONE,
    /** A dead letter; a redrive makes it pending again. */
    FAILED,
    /** Ended because somebody asked. */
    CANCELLED;

    /** Returns whether nothing more will happen by itself. */
    public boolean ended() {
      return switch (this) {
        case PENDING, RUNNING -> false;
        case DONE, FAILED, CANCELLED -> true;
      };
    }
  }

  /**
   * How far a job is.
   *
   * @param done of {@code total}, in the handler's own unit; both 0 as long as nothing was said
   */
  public record Progress(long done, long total, String text) {
    /** Nothing was said. */
    public static final Progress NONE = new Progress(0, 0, "");
  }
}
