package io.rolehost.jobs.ledger;

import io.rolehost.jobs.JobId;
import java.time.Duration;

/**
 * Keys by which a second request is known for some time. The order is {@link #reserve}, send,
 * {@link #sent}: a crash in between leaves a key that is not sent, and whoever comes with it next
 * sends again, with the same id.
 */
public interface Keys {

  /** What became of a key. */
  sealed interface Reservation {

    /** It is new, and stands for the id that was offered. */
    record Fresh() implements Reservation {}

    /**
     * It is known.
     *
     * @param id what it stands for
     * @param fingerprint of the first request, to tell a repetition from a reuse
     * @param sent false if the first one may have crashed: send again with the same id
     */
    record Known(JobId id, String fingerprint, boolean sent) implements Reservation {}
  }

  /**
   * Reserves a key; of several at once one gets it.
   *
   * @param scope in which the key is unique, for instance a queue or a path
   * @param fingerprint of the request; may be empty
   * @param offered the id it is to stand for
   * @param window how long it is known
   */
  Reservation reserve(String scope, String key, String fingerprint, JobId offered, Duration window);

  /** Notes that the broker has the message. */
  void sent(String scope, String key);

  /** Forgets a key that was never sent, since what would have sent it failed. */
  void release(String scope, String key);
}
