package io.rolehost.runtime.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.runtime.config.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A {@link JournalEntry} as one line of JSON. Pure. */
final class JournalLine {

  /** The most characters of a cause; a sentence has a hundred. */
  static final int MAX_CAUSE = 4_000;

  /** The most characters of a rendered detail. */
  static final int MAX_DETAIL = 16_000;

  private static final String CHAIN = ",\"chain\":\"";
  private static final int CHAIN_DIGITS = 16;
  private static final int CHAIN_CHARACTERS = CHAIN.length() + CHAIN_DIGITS + "\"}".length();

  private JournalLine() {}

  /**
   * Returns what ties a line to the one before it: a line that was changed, or is missing, shows in
   * the next one.
   *
   * @param before that of the line before; empty for the first of all
   * @param line without it
   */
  static String chain(String before, String line) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(before.getBytes(UTF_8));
      byte[] hash = digest.digest(line.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, CHAIN_DIGITS / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }

  static String withChain(String line, String chain) {
    return line.substring(0, line.length() - 1) + CHAIN + chain + "\"}";
  }

  /** Returns the chain of a line; empty if it has none. */
  static Optional<String> chainOf(String line) {
    int start = line.length() - CHAIN_CHARACTERS;
    return start >= 0 && line.startsWith(CHAIN, start) && line.endsWith("\"}")
        ? Optional.of(line.substring(start + CHAIN.length(), line.length() - 2))
        : Optional.empty();
  }

  /** Returns a line that has a chain as it was before that was added. */
  static String withoutChain(String line) {
    return line.substring(0, line.length() - CHAIN_CHARACTERS) + "}";
  }

  /** Returns the line, without a line end. */
  static String render(JournalEntry entry) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("sequence", entry.sequence());
    line.put("at", entry.at().toString());
    line.put("nanos", entry.nanos());
    line.put("incarnation", entry.incarnation());
    line.put("type", entry.type());
    line.put("from", entry.from());
    line.put("to", entry.to());
    line.put("cause", entry.cause());
    if (!entry.detail().isEmpty()) {
      line.put("detail", entry.detail());
    }
    return Json.render(line);
  }

  /** Returns the entry of a line, or empty if the line is torn or foreign. */
  static Optional<JournalEntry> parse(String line) {
    // Costs nothing, where failing in the parser costs an exception per line.
    if (!line.startsWith("{") || !line.endsWith("}")) {
      return Optional.empty();
    }
    try {
      Map<String, Object> values = Json.parse(line);
      return Optional.of(
          new JournalEntry(
              number(values, "sequence"),
              Instant.parse(text(values, "at")),
              number(values, "nanos"),
              number(values, "incarnation"),
              text(values, "type"),
              text(values, "from"),
              text(values, "to"),
              text(values, "cause"),
              detail(values)));
    } catch (IllegalArgumentException | DateTimeException | NullPointerException e) {
      // A null inside the detail is no entry of ours either.
      return Optional.empty();
    }
  }

  /** Returns {@code detail} if it renders within bounds, else a note in its place. */
  static Map<String, Object> bounded(Map<String, Object> detail) {
    if (detail.isEmpty()) {
      return detail;
    }
    try {
      int length = Json.render(detail).length();
      return length <= MAX_DETAIL
          ? detail
          : Map.of("dropped", "a detail of " + length + " characters, " + MAX_DETAIL + " are kept");
    } catch (RuntimeException e) {
      // Of the caller's making, and an entry without its detail is better than none.
      return Map.of("dropped", "a detail that is not JSON: " + e.getMessage());
    }
  }

  static String boundedCause(String cause) {
    return cause.length() <= MAX_CAUSE ? cause : cause.substring(0, MAX_CAUSE) + "…";
  }

  private static long number(Map<String, Object> values, String key) {
    if (values.get(key) instanceof Number number) {
      return number.longValue();
    }
    throw new IllegalArgumentException("no number " + key);
  }

  private static String text(Map<String, Object> values, String key) {
    if (values.get(key) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("no text " + key);
  }

  private static Map<String, Object> detail(Map<String, Object> values) {
    Map<String, Object> detail = new LinkedHashMap<>();
    if (values.get("detail") instanceof Map<?, ?> map) {
      map.forEach((key, value) -> detail.put(String.valueOf(key), value));
    }
    return detail;
  }
}
