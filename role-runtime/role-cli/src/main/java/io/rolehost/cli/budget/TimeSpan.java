package io.rolehost.cli.budget;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Time spans as systemd writes them, see {@code systemd.time(7)}: {@code 90}, {@code 1min 30s}. */
public final class TimeSpan {

  private static final Pattern PART = Pattern.compile("\\s*(\\d+(?:\\.\\d+)?)\\s*([a-zA-Zµ]*)\\s*");

  /** In nanoseconds. */
  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("", 1_000_000_000L),
          Map.entry("us", 1_000L),
          Map.entry("usec", 1_000L),
          Map.entry("µs", 1_000L),
          Map.entry("ms", 1_000_000L),
          Map.entry("msec", 1_000_000L),
          Map.entry("s", 1_000_000_000L),
          Map.entry("sec", 1_000_000_000L),
          Map.entry("second", 1_000_000_000L),
          Map.entry("seconds", 1_000_000_000L),
          Map.entry("m", 60_000_000_000L),
          Map.entry("min", 60_000_000_000L),
          Map.entry("minute", 60_000_000_000L),
          Map.entry("minutes", 60_000_000_000L),
          Map.entry("h", 3_600_000_000_000L),
          Map.entry("hr", 3_600_000_000_000L),
          Map.entry("hour", 3_600_000_000_000L),
          Map.entry("hours", 3_600_000_000_000L),
          Map.entry("d", 86_400_000_000_000L),
          Map.entry("day", 86_400_000_000_000L),
          Map.entry("days", 86_400_000_000_000L),
          Map.entry("w", 604_800_000_000_000L),
          Map.entry("week", 604_800_000_000_000L),
          Map.entry("weeks", 604_800_000_000_000L));

  private static final Duration LONGEST = Duration.ofDays(10_000);

  private TimeSpan() {}

  /**
   * Reads a span; a number without a unit is in seconds.
   *
   * @return empty for {@code infinity}
   * @throws IllegalArgumentException if it is none; the message quotes it
   */
  public static Optional<Duration> parse(String text) {
    if (text.strip().equals("infinity")) {
      return Optional.empty();
    }
    Matcher part = PART.matcher(text);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (end < text.length() && part.find(end) && part.start() == end) {
      @Nullable Long unit = UNITS.get(part.group(2));
      if (unit == null) {
        throw wrong(text);
      }
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
      end = part.end();
    }
    if (end == 0
        || end < text.length()
        || nanos.compareTo(BigDecimal.valueOf(LONGEST.toNanos())) > 0) {
      throw wrong(text);
    }
    return Optional.of(Duration.ofNanos(nanos.longValue()));
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is no time span: expected for instance 90, 90s, 1min 30s or infinity");
  }

  /** Returns a span as people read it: in seconds, and thousandths only if there are some. */
  public static String text(Duration span) {
    long millis = span.toMillis();
    return millis % 1_000 == 0
        ? millis / 1_000 + " s"
        : String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
  }

  /** Returns whole seconds, as a unit file takes them; never less than the span. */
  public static long seconds(Duration span) {
    return span.plusNanos(999_999_999).toSeconds();
  }
}
