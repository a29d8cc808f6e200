package io.rolehost.jobs;

import io.rolehost.api.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How the messages of a queue are handled. Immutable.
 *
 * @param name of the queue, or of all queues that begin so
 * @param concurrency how many at a time in this process
 * @param maxAttempts after which a job is a dead letter; kills count (5, as WebJobs)
 * @param backoff between two attempts
 * @param timeout longest time for one attempt
 * @param ratePerSecond most jobs begun in a second by this process
 * @param permanent exceptions that no second attempt cures
 */
public record QueueTrigger(
    String name,
    boolean prefix,
    int concurrency,
    int maxAttempts,
    Backoff backoff,
    Duration timeout,
    OptionalDouble ratePerSecond,
    List<Class<? extends Throwable>> permanent) {

  /** Checks the bounds. */
  public QueueTrigger {
    if (!name.matches("[A-Za-z0-9._-]{1,150}")) {
      throw new IllegalArgumentException(
          "A queue's name has 1 to 150 letters, digits and . _ -, was \"" + name + "\"");
    }
    if (concurrency < 1 || concurrency > 1000) {
      throw new IllegalArgumentException("concurrency must be from 1 to 1000, was " + concurrency);
    }
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts must be at least 1, was " + maxAttempts);
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout must be positive, was " + timeout);
    }
    if (ratePerSecond.isPresent() && !(ratePerSecond.getAsDouble() > 0)) {
      throw new IllegalArgumentException("ratePerSecond must be positive, was " + ratePerSecond);
    }
    permanent = List.copyOf(permanent);
  }

  static QueueTrigger of(String name, boolean prefix) {
    return new QueueTrigger(
        name,
        prefix,
        1,
        5,
        Backoff.exponential(Duration.ofSeconds(1), Duration.ofMinutes(1)),
        Duration.ofMinutes(30),
        OptionalDouble.empty(),
        List.of());
  }

  /** Handles so many at a time in this process; 1 by default. */
  public QueueTrigger concurrency(int most) {
    return new QueueTrigger(
        name, prefix, most, maxAttempts, backoff, timeout, ratePerSecond, permanent);
  }

  /** Gives up after so many attempts; 5 by default. */
  public QueueTrigger maxAttempts(int most) {
    return new QueueTrigger(
        name, prefix, concurrency, most, backoff, timeout, ratePerSecond, permanent);
  }

  /** Waits so between two attempts; 1 s doubling to 1 min by default. */
  public QueueTrigger backoff(Backoff between) {
    return new QueueTrigger(
        name, prefix, concurrency, maxAttempts, between, timeout, ratePerSecond, permanent);
  }

  /** Breaks an attempt off after so long; 30 min by default. */
  public QueueTrigger timeout(Duration longest) {
    return new QueueTrigger(
        name, prefix, concurrency, maxAttempts, backoff, longest, ratePerSecond, permanent);
  }

  /** Begins no more than so many in a second, in this process. */
  public QueueTrigger ratePerSecond(double most) {
    return new QueueTrigger(
        name,
        prefix,
        concurrency,
        maxAttempts,
        backoff,
        timeout,
        OptionalDouble.of(most),
        permanent);
  }

  /** Makes dead letters at once of jobs that fail so, or by a subclass. */
  public QueueTrigger permanent(Class<? extends Throwable> type) {
    List<Class<? extends Throwable>> types = new ArrayList<>(permanent);
    types.add(type);
    return new QueueTrigger(
        name, prefix, concurrency, maxAttempts, backoff, timeout, ratePerSecond, types);
  }
}
