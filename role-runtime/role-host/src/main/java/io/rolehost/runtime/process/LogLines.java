package io.rolehost.runtime.process;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The form of a log record: one line that starts with a time, then indented lines of a stack trace.
 * What a stranger's text contains can't start a line, move a cursor or fill a disk. Pure.
 */
final class LogLines {

  /** Longest line in characters; what is cut is counted. */
  static final int MAX_CHARS = 8_192;

  private static final int MAX_FRAMES = 60;
  private static final int MAX_THROWABLES = 12;
  private static final String INDENT = "    ";
  private static final int WITHOUT_MILLIS = "2026-11-25T12:00:00Z".length();

  private LogLines() {}

  /** Returns the lines of a record, without line ends. */
  static List<String> of(
      Instant time,
      System.Logger.Level level,
      String logger,
      LogTags tags,
      String message,
      @Nullable Throwable thrown) {
    List<String> lines = new ArrayList<>();
    String doing = tags.isEmpty() ? "" : " [" + safe(tags.text()) + "]";
    lines.add(time(time) + " " + word(level) + " " + safe(logger) + doing + " " + safe(message));
    if (thrown != null) {
      Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
      addTrace(lines, thrown, "", INDENT, seen);
    }
    return List.copyOf(lines);
  }

  /** Escapes what is not printable on one line, and bounds the length. */
  static String safe(String text) {
    StringBuilder safe = new StringBuilder(Math.min(text.length(), MAX_CHARS) + 16);
    for (int i = 0; i < text.length(); i++) {
      if (safe.length() >= MAX_CHARS) {
        return safe.append("… (").append(text.length() - i).append(" more characters)").toString();
      }
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> safe.append("\\n");
        case '\r' -> safe.append("\\r");
        case '\t' -> safe.append(c);
        default -> {
          if (isUnsafe(c)) {
            safe.append("\\u").append(String.format("%04x", (int) c));
          } else {
            safe.append(c);
          }
        }
      }
    }
    return safe.toString();
  }

  private static boolean isUnsafe(char c) {
    return Character.isISOControl(c)
        || c == '\u2028'
        || c == '\u2029'
        || (c >= '\u202a' && c <= '\u202e') // these turn the direction of what follows
        || (c >= '\u2066' && c <= '\u2069');
  }

  static String time(Instant time) {
    String text = time.truncatedTo(ChronoUnit.MILLIS).toString();
    return text.length() == WITHOUT_MILLIS ? text.substring(0, text.length() - 1) + ".000Z" : text;
  }

  static String word(System.Logger.Level level) {
    return switch (level) {
      case ALL, TRACE -> "TRACE";
      case DEBUG -> "DEBUG";
      case INFO -> "INFO ";
      case WARNING -> "WARN ";
      case ERROR, OFF -> "ERROR";
    };
  }

  private static void addTrace(
      List<String> lines, Throwable thrown, String caption, String indent, Set<Throwable> seen) {
    if (seen.size() >= MAX_THROWABLES) {
      lines.add(indent + "… further causes are left out");
      return;
    }
    if (!seen.add(thrown)) {
      lines.add(indent + caption + "[shown above] " + safe(text(thrown)));
      return;
    }
    lines.add(indent + caption + safe(text(thrown)));
    StackTraceElement[] frames = thrown.getStackTrace();
    for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
      lines.add(indent + INDENT + "at " + safe(frames[i].toString()));
    }
    if (frames.length > MAX_FRAMES) {
      lines.add(indent + INDENT + "… " + (frames.length - MAX_FRAMES) + " more frames");
    }
    for (Throwable suppressed : thrown.getSuppressed()) {
      addTrace(lines, suppressed, "suppressed: ", indent + INDENT, seen);
    }
    Throwable cause = thrown.getCause();
    if (cause != null) {
      addTrace(lines, cause, "caused by: ", indent, seen);
    }
  }

  private static String text(Throwable thrown) {
    try {
      return thrown.toString();
    } catch (RuntimeException e) {
      return thrown.getClass().getName() + " (its toString failed: " + e.getClass().getName() + ")";
    }
  }
}
