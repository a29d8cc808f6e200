package io.rolehost.runtime.config;

import java.time.Duration;
import java.util.Locale;

/** How durations are written in messages. */
final class Durations {

  private Durations() {}

  /** Returns for instance {@code 5m}, {@code 25s} or {@code 8.3s}: short, and HOCON again. */
  static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis != 0 && millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    if (millis % 1000 == 0) {
      return millis / 1000 + "s";
    }
    return millis < 1000
        ? millis + "ms"
        : String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1000.0);
  }

  /**
   * Returns the {@code n}th part. {@code Duration.dividedBy} calculates with {@code BigDecimal},
   * whose tables take longer to make than all settings take to read.
   */
  static Duration part(Duration whole, int n) {
    return Duration.ofNanos(whole.toNanos() / n);
  }

  static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  static Duration max(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
