package io.rolehost.node.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.runtime.journal.PastIncarnations;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a role host wrote down about its own end: the last {@code end} of its journal, unless there
 * was another start.
 *
 * @param reason the stop reason
 * @param code the exit code
 * @param text one sentence
 * @param incident the folder of the incident it wrote; empty if it wrote none
 * @param failure the fingerprint of what was thrown; empty if nothing was
 */
public record LastEnd(
    Instant at, String reason, int code, String text, String incident, String failure) {
  // More than the longest line of a journal.
  private static final int TAIL_BYTES = 128 * 1024;
  private static final int UNKNOWN = -1;

  /** Reads it; empty if there is none, or it can't be read. */
  public static Optional<LastEnd> read(Path stateDir, String instanceId) {
    try {
      List<String> lines = lastLines(stateDir.resolve("journal").resolve(instanceId + ".jsonl"));
      for (String line : lines.reversed()) {
        if (line.contains("\"type\":\"start\"")) {
          return Optional.empty();
        }
        if (line.contains("\"type\":\"end\"")) {
          return of(Json.read(line));
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<LastEnd> of(Map<String, Object> entry) {
    if (!(entry.get("detail") instanceof Map<?, ?> detail)) {
      return Optional.empty();
    }
    return Optional.of(
        new LastEnd(
            time(String.valueOf(entry.get("at"))),
            text(detail, "reason"),
            detail.get("code") instanceof Number code ? code.intValue() : UNKNOWN,
            text(detail, "text"),
            text(detail, "incident"),
            text(detail, PastIncarnations.FAILURE)));
  }

  /**
   * Returns whether it was one that {@code rolehost.run.on-return = stop} asks for. Where that
   * can't be found out an instance is started again, which is the lesser harm.
   */
  public boolean isByOnReturn() {
    return reason.equals("RUN_RETURNED") && code == 0;
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      return Instant.MIN;
    }
  }

  private static String text(Map<?, ?> values, String key) {
    return values.get(key) instanceof String text ? text : "";
  }

  private static List<String> lastLines(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(Math.max(0, in.length() - TAIL_BYTES));
      byte[] bytes = new byte[(int) (in.length() - in.getFilePointer())];
      in.readFully(bytes);
      return new String(bytes, UTF_8).lines().toList();
    }
  }
}
