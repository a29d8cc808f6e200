package io.rolehost.jobs.operate;

import java.time.Duration;

/**
 * From when on something is reported as unhealthy; it takes no instance out of work.
 *
 * @param oldestMessage a message that could be taken waits longer than this
 * @param deadLetters a queue has at least so many; 0 never reports
 */
public record Reports(Duration oldestMessage, long deadLetters) {

  /** Ten minutes; one dead letter. */
  public static final Reports DEFAULT = new Reports(Duration.ofMinutes(10), 1);
}
