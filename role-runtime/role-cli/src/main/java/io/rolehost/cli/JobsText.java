package io.rolehost.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of an answer as cells for people: pure. */
final class JobsText {

  private static final DateTimeFormatter TO_THE_SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private JobsText() {}

  /** Returns a value, or a dash where there is none. */
  static String text(Map<?, ?> row, String key) {
    String plain = plain(row, key);
    return plain.isEmpty() ? "-" : plain;
  }

  /** Returns a value in one line, or an empty text. */
  static String plain(Map<?, ?> row, String key) {
    Object value = row.get(key);
    return value == null ? "" : String.valueOf(value).replaceAll("\\s+", " ").strip();
  }

  static String seconds(Map<?, ?> row, String key) {
    return row.get(key) instanceof Number number
        ? StatusTable.age(Duration.ofMillis(Math.round(number.doubleValue() * 1000)))
        : "-";
  }

  /** Returns an instant by the clock of this machine, or a dash. */
  static String time(Map<?, ?> row, String key) {
    return time(row.get(key));
  }

  static String time(@Nullable Object value) {
    if (value == null) {
      return "-";
    }
    try {
      return TO_THE_SECOND.format(
          Instant.parse(String.valueOf(value)).atZone(ZoneId.systemDefault()));
    } catch (DateTimeParseException other) {
      return String.valueOf(value);
    }
  }

  static Object sum(Object one, Object other) {
    return one instanceof Number first && other instanceof Number second
        ? (Object) (first.longValue() + second.longValue())
        : one;
  }
}
