package io.rolehost.runtime.process;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogLinesTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  @Test
  void record_plain_isTimeLevelLoggerMessage() {
    assertEquals(
        List.of("2026-11-25T12:00:00.000Z INFO  web.Main up"),
        LogLines.of(NOON, INFO, "web.Main", LogTags.NONE, "up", null));
    assertEquals(
        List.of("2026-11-25T12:00:00.123Z WARN  web.Main slow"),
        LogLines.of(NOON.plusNanos(123_456_789), WARNING, "web.Main", LogTags.NONE, "slow", null));
  }

  @Test
  void record_textWithControls_canNotForgeALine() {
    assertEquals(
        List.of(
            "2026-11-25T12:00:00.000Z INFO  a by \"x\\n2026 ERROR"
                + " \\r\\u001b[31m\\u202eevil\\u0000\""),
        LogLines.of(
            NOON, INFO, "a", LogTags.NONE, "by \"x\n2026 ERROR \r\u001b[31m\u202eevil\0\"", null));
  }

  @Test
  void record_longText_isCutAndCounted() {
    String line = LogLines.of(NOON, INFO, "a", LogTags.NONE, "x".repeat(10_000), null).getFirst();

    assertTrue(line.endsWith("x… (1808 more characters)"), line.substring(line.length() - 40));
  }

  @Test
  void record_thrown_showsCausesIndentedAndBounded() {
    Exception cause = new IllegalStateException("second\nline");
    cause.setStackTrace(frames(100));
    Exception thrown = new Exception("first", cause);
    thrown.setStackTrace(frames(1));
    cause.addSuppressed(thrown);

    List<String> lines = LogLines.of(NOON, ERROR, "a", LogTags.NONE, "failed", thrown);

    assertEquals("    java.lang.Exception: first", lines.get(1));
    assertEquals("        at a.B.c(B.java:0)", lines.get(2));
    assertEquals("    caused by: java.lang.IllegalStateException: second\\nline", lines.get(3));
    assertEquals("        … 40 more frames", lines.get(64));
    assertEquals("        suppressed: [shown above] java.lang.Exception: first", lines.getLast());
  }

  private static StackTraceElement[] frames(int count) {
    StackTraceElement[] frames = new StackTraceElement[count];
    for (int i = 0; i < count; i++) {
      frames[i] = new StackTraceElement("a.B", "c", "B.java", i);
    }
    return frames;
  }
}
