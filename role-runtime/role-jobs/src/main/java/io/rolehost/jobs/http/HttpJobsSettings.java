package io.rolehost.jobs.http;

import java.time.Duration;
import java.util.List;

/**
 * How jobs are made and told of by HTTP.
 *
 * @param callbackHosts who may be called back: a name or address, which may be of this machine or
 *     network; {@code *.example.com} or {@code *}, which may not. Empty: nobody
 * @param callbackSecret signs callbacks; without it there are none. Never shown
 * @param callbackTimeout for one call
 * @param announceEnds whether each end of an HTTP job is sent to the queue {@code jobs.completed}
 * @param keyWindow how long an {@code Idempotency-Key} is known
 * @param retryAfter when a client is to ask again
 * @param streams how many may follow jobs by server-sent events at a time
 */
public record HttpJobsSettings(
    List<String> callbackHosts,
    String callbackSecret,
    Duration callbackTimeout,
    boolean announceEnds,
    Duration keyWindow,
    Duration retryAfter,
    int streams) {

  /** No callbacks, no announcements, keys for a day. */
  public static final HttpJobsSettings USUAL =
      new HttpJobsSettings(
          List.of(),
          "",
          Duration.ofSeconds(10),
          false,
          Duration.ofDays(1),
          Duration.ofSeconds(1),
          100);

  /** Copies the list. */
  public HttpJobsSettings {
    callbackHosts = List.copyOf(callbackHosts);
  }

  @Override
  public String toString() {
    return "HttpJobsSettings[callbackHosts=" + callbackHosts + "]";
  }
}
