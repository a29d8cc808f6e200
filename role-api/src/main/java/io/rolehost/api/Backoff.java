package io.rolehost.api;

import java.time.Duration;

/**
 * How long to wait before the next attempt: {@code initial · factor^(n-1)}, at most {@code cap},
 * then varied by jitter so that tasks with a common cause do not come back in step.
 *
 * @param initial the pause before the second attempt; zero or more
 * @param cap the longest pause before jitter; not below {@code initial}
 * @param factor growth from one pause to the next; 1 or more
 * @param jitter the share of a pause that is random, from 0 to 1: a pause d becomes one between
 *     {@code d·(1-jitter)} and {@code d}
 */
public record Backoff(Duration initial, Duration cap, double factor, double jitter) {

  static final Backoff DEFAULT =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(60), 2, 0.5);

  /** Checks the bounds. */
  public Backoff {
    if (initial.isNegative()) {
      throw new IllegalArgumentException("initial must not be negative, was " + initial);
    }
    if (cap.compareTo(initial) < 0) {
      throw new IllegalArgumentException("cap " + cap + " is below initial " + initial);
    }
    if (!(factor >= 1)) {
      throw new IllegalArgumentException("factor must be 1 or more, was " + factor);
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter must be from 0 to 1, was " + jitter);
    }
  }

  /** Doubles from {@code initial} up to {@code cap}, with 50 % jitter. */
  public static Backoff exponential(Duration initial, Duration cap) {
    return new Backoff(initial, cap, 2, 0.5);
  }

  /** No pause at all. */
  public static Backoff none() {
    return new Backoff(Duration.ZERO, Duration.ZERO, 1, 0);
  }

  /** Returns a copy with another growth factor. */
  public Backoff factor(double factor) {
    return new Backoff(initial, cap, factor, jitter);
  }

  /** Returns a copy with another share of randomness. */
  public Backoff jitter(double jitter) {
    return new Backoff(initial, cap, factor, jitter);
  }

  /**
   * Returns the pause after the {@code failures}-th failure in a row. A pure function.
   *
   * @param failures 1 or more
   * @param random from 0 (the longest pause) up to, not including, 1
   */
  public Duration delay(int failures, double random) {
    if (failures < 1) {
      throw new IllegalArgumentException("failures must be 1 or more, was " + failures);
    }
    double grown = (double) initial.toNanos() * Math.pow(factor, failures - 1.0);
    double full = Math.min(grown, (double) cap.toNanos());
    return Duration.ofNanos((long) (full * (1 - jitter * random)));
  }
}
