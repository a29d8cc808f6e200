package io.rolehost.jobs;

import java.time.Duration;

/**
 * Which requests make a job. Immutable.
 *
 * @param concurrency how many at a time in this process
 * @param maxAttempts after which the job has failed
 * @param timeout longest time for one attempt
 * @param maxBody largest body in bytes; a larger one is answered with 413
 */
public record HttpTrigger(
    Method method, String path, int concurrency, int maxAttempts, Duration timeout, long maxBody) {

  /** The methods that may make a job. */
  public enum Method {
    /** Makes a job each time, but for an {@code Idempotency-Key}. */
    POST,
    /** As POST. */
    PUT
  }

  /** Checks the path. */
  public HttpTrigger {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("A path starts with a slash, was \"" + path + "\"");
    }
  }

  static HttpTrigger of(Method method, String path) {
    return new HttpTrigger(method, path, 1, 5, Duration.ofMinutes(30), 256 * 1024);
  }

  /** Handles so many at a time in this process; 1 by default. */
  public HttpTrigger concurrency(int most) {
    return new HttpTrigger(method, path, most, maxAttempts, timeout, maxBody);
  }

  /** Gives up after so many attempts; 5 by default. */
  public HttpTrigger maxAttempts(int most) {
    return new HttpTrigger(method, path, concurrency, most, timeout, maxBody);
  }

  /** Breaks an attempt off after so long; 30 min by default. */
  public HttpTrigger timeout(Duration longest) {
    return new HttpTrigger(method, path, concurrency, maxAttempts, longest, maxBody);
  }

  /** Refuses larger bodies, in bytes; 256 KiB by default. */
  public HttpTrigger maxBody(long bytes) {
    return new HttpTrigger(method, path, concurrency, maxAttempts, timeout, bytes);
  }
}
