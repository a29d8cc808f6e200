package io.rolehost.node.azure;

import java.time.Duration;

/** How much of the time that an instance has to end is its own, before it is sent SIGTERM. Pure. */
public final class StopNotice {
  private static final Duration MOST_RESERVE = Duration.ofSeconds(5);
  private static final int SHARE = 4;

  private StopNotice() {}

  /**
   * Returns how long clients have for what they do before the end. The rest is for the end itself.
   *
   * @param left until it is killed
   */
  public static Duration time(Duration left) {
    if (left.isNegative()) {
      return Duration.ZERO;
    }
    Duration share = left.dividedBy(SHARE);
    return left.minus(share.compareTo(MOST_RESERVE) < 0 ? share : MOST_RESERVE);
  }
}
