package io.rolehost.jobs;

import java.time.Duration;
import java.time.Instant;

/** A message to be sent. Not for several threads at once. */
public interface Outgoing {

  /** Has it handled no sooner than after {@code delay}. */
  Outgoing delay(Duration delay);

  /** Has it handled no sooner than at {@code instant}, by the broker's clock. */
  Outgoing at(Instant instant);

  /**
   * Sets the priority.
   *
   * @param priority from 0 to 9; higher goes first, 4 is the default (Jakarta Messaging 3.1,
   *     3.4.10)
   */
  Outgoing priority(int priority);

  /** Has it handled after all earlier messages of the same group, one at a time. */
  Outgoing group(String group);

  /**
   * Refuses a second message with this key, for as long as the broker remembers keys (a count of
   * messages, not a time).
   */
  Outgoing dedupKey(String key);

  /** Refuses a second message with this key for {@code window}, by a row in the ledger. */
  Outgoing dedupKey(String key, Duration window);

  /**
   * Chooses the job's id, which is random otherwise. A second message of the same id is refused as
   * {@link #dedupKey(String)} refuses it: sending again after a doubt is safe.
   */
  Outgoing id(JobId id);

  /** Names the queue that answers go to. */
  Outgoing replyTo(String queue);

  /** Joins it to what caused it; inside a handler the id of that job is the default. */
  Outgoing correlationId(String id);

  /** Writes something beside the payload. */
  Outgoing header(String name, String value);

  /** Keeps its status, progress and result in the ledger, for {@link Jobs#status(JobId)}. */
  Outgoing tracked();

  /**
   * Sends it.
   *
   * <p>From {@link Jobs#send} it is durable when this returns. From {@link JobContext#send} it is
   * sent when the handler returns.
   *
   * @return the job's id; that of the earlier message where a key of the ledger refused this one
   * @throws JobsUnavailableException if the broker can't be reached in the time set for it. Nothing
   *     was sent, or at most once: sending again with the same key is safe
   */
  JobId submit();
}
