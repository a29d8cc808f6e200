package io.rolehost.node.azure;

import java.time.Duration;

/**
 * When an instance that asked for a recycle gets it. A change that every instance answers in this
 * way must not take all of them out at once. Pure.
 */
public final class RecycleTurn {
  private static final long BETWEEN_STARTS_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();

  private RecycleTurn() {}

  /**
   * Returns when it is, in monotonic nanoseconds; what is past is now. Another look is needed when
   * something is ready or not any more.
   *
   * @param asked when it was asked for
   * @param lastStart of the instance
   * @param ready whether the instance is ready; one that is not takes nothing away
   * @param othersDown how many others of its role are not ready
   * @param maxUnavailable how many may be down at once
   */
  public static long due(
      long asked, long lastStart, boolean ready, int othersDown, int maxUnavailable) {
    long rested = lastStart + BETWEEN_STARTS_NANOS;
    long soonest = rested - asked > 0 ? rested : asked;
    long patient = asked + PATIENCE_NANOS;
    return ready && othersDown >= maxUnavailable && patient - soonest > 0 ? patient : soonest;
  }
}
