package io.rolehost.freeze.postgres;

/** How long to wait before the next attempt to connect: pure. */
final class Reconnect {

  private static final long FIRST_NANOS = 100_000_000;
  private static final long LONGEST_NANOS = 5_000_000_000L;

  private Reconnect() {}

  /**
   * Doubles with each failure up to 5 s. Half of it is by chance, or a fleet that lost its server
   * at one moment would come back at one moment.
   *
   * @param failures in a row, at least 1
   * @param chance from 0 to 1
   */
  static long nanos(int failures, double chance) {
    long full = Math.min(LONGEST_NANOS, FIRST_NANOS << Math.clamp(failures - 1, 0, 10));
    return (long) (full * (0.5 + chance / 2));
  }
}
