package io.rolehost.runtime.process;

import io.rolehost.api.Instance;
import io.rolehost.runtime.config.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A log record as one JSON object a line, its fields named as the Elastic Common Schema does;
 * {@code docs/logs.md} lists them.
 */
final class JsonLines {

  /** Longest stack trace in characters. */
  private static final int MAX_TRACE = 16_384;

  private final Instance instance;

  JsonLines(Instance instance) {
    this.instance = instance;
  }

  /** Returns whether a line that a role printed is such an object already, to be left as it is. */
  static boolean isJson(String line) {
    return line.startsWith("{\"") && line.endsWith("}");
  }

  /**
   * Returns the record, without a line end.
   *
   * @param more what a logging library knows of the thread
   */
  String of(
      Instant time,
      System.Logger.Level level,
      String logger,
      LogTags tags,
      String message,
      @Nullable Throwable thrown,
      Map<String, String> more) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("@timestamp", LogLines.time(time));
    fields.put("log.level", LogLines.word(level).strip());
    fields.put("message", bounded(message, LogLines.MAX_CHARS));
    fields.put("log.logger", logger);
    fields.put("process.thread.name", Thread.currentThread().getName());
    fields.put("service.name", instance.role());
    fields.put("service.node.name", instance.id());
    fields.put("service.environment", instance.deployment());
    fields.put("rolehost.start", instance.incarnation());
    if (!tags.task().isEmpty()) {
      fields.put("rolehost.task", tags.task());
      fields.put("rolehost.attempt", tags.attempt());
    }
    putIf(fields, "correlation.id", tags.id());
    putIf(fields, "trace.id", tags.trace());
    if (!more.isEmpty()) {
      fields.put("labels", more);
    }
    if (thrown != null) {
      fields.put("error.type", thrown.getClass().getName());
      fields.put("error.message", bounded(String.valueOf(thrown.getMessage()), LogLines.MAX_CHARS));
      fields.put("error.stack_trace", bounded(trace(thrown), MAX_TRACE));
    }
    return Json.render(fields);
  }

  private static void putIf(Map<String, Object> fields, String name, String value) {
    if (!value.isEmpty()) {
      fields.put(name, value);
    }
  }

  private static String trace(Throwable thrown) {
    try {
      StringWriter text = new StringWriter();
      thrown.printStackTrace(new PrintWriter(text));
      return text.toString();
    } catch (RuntimeException broken) {
      return "the stack can't be read: " + broken.getClass().getName();
    }
  }

  private static String bounded(String text, int most) {
    return text.length() <= most
        ? text
        : text.substring(0, most) + "… (" + (text.length() - most) + " more characters)";
  }
}
