package io.rolehost.jobs.http;

import io.rolehost.api.http.HttpRequest;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * What a request asks for beside its body, by a header or a query parameter; the header wins.
 *
 * @param idempotencyKey empty for none
 */
record Wishes(
    Optional<String> idempotencyKey,
    Duration delay,
    Optional<Integer> priority,
    Optional<String> correlationId,
    Optional<String> callback) {

  private static final Duration LONGEST = Duration.ofDays(365);

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException naming what can't be read, and how it is written
   */
  static Wishes of(HttpRequest request) {
    return new Wishes(
        request.header("Idempotency-Key").map(Wishes::key),
        either(request, "Job-Delay", "delay").map(Wishes::delay).orElse(Duration.ZERO),
        either(request, "Job-Priority", "priority").map(Wishes::priority),
        either(request, "Correlation-Id", "correlation-id").map(Wishes::correlation),
        either(request, "Job-Callback", "callback"));
  }

  private static Optional<String> either(HttpRequest request, String header, String parameter) {
    return request.header(header).or(() -> request.query(parameter)).map(String::strip);
  }

  /** A string of RFC 9651 has quotes; many clients send it without. */
  private static String key(String header) {
    String text = header.strip();
    String key =
        text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
            ? text.substring(1, text.length() - 1)
            : text;
    if (key.isBlank() || key.length() > 200) {
      throw new IllegalArgumentException(
          "Idempotency-Key has 1 to 200 characters, such as a UUID, in quotes or without");
    }
    return key;
  }

  private static Duration delay(String text) {
    try {
      Duration delay =
          text.startsWith("P") ? Duration.parse(text) : Duration.ofSeconds(Long.parseLong(text));
      if (!delay.isNegative() && delay.compareTo(LONGEST) <= 0) {
        return delay;
      }
    } catch (DateTimeParseException | ArithmeticException | NumberFormatException _) {
      // said below
    }
    throw new IllegalArgumentException(
        "Job-Delay is a number of seconds or an ISO 8601 duration such as PT5M, up to 365 days; was"
            + " \""
            + shortened(text)
            + "\"");
  }

  private static int priority(String text) {
    if (!text.matches("[0-9]")) {
      throw new IllegalArgumentException(
          "Job-Priority is a digit, 9 goes first; was \"" + shortened(text) + "\"");
    }
    return Integer.parseInt(text);
  }

  private static String correlation(String text) {
    if (text.isBlank() || text.length() > 200) {
      throw new IllegalArgumentException("Correlation-Id has 1 to 200 characters");
    }
    return text;
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
