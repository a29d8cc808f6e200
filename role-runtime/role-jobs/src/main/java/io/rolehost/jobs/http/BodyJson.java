package io.rolehost.jobs.http;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON of requests and answers: the only code of this package that knows Jackson. */
final class BodyJson {

  /** A misspelled field is the client's to know of, before the job is accepted. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private BodyJson() {}

  /** A body that is not what the path takes; the message names field and reason. */
  static final class WrongBody extends Exception {
    private static final long serialVersionUID = 1;

    WrongBody(String message) {
      super(message);
    }
  }

  /** Reads a body. */
  static <T> T read(byte[] body, Class<T> type) throws WrongBody {
    @Nullable T read;
    try {
      read = JSON.readValue(body, type);
    } catch (JacksonException e) {
      throw new WrongBody(where(e) + firstLine(e.getOriginalMessage()));
    }
    if (read == null) {
      throw new WrongBody("The body is null; send a " + type.getSimpleName());
    }
    return read;
  }

  /** Writes values that are JSON. */
  static String text(Object value) {
    return JSON.writeValueAsString(value);
  }

  /** Returns a result as a handler wrote it, to be part of a larger document. */
  static JsonNode tree(String json) {
    return JSON.readTree(json);
  }

  private static String where(JacksonException e) {
    String path =
        e.getPath().stream()
            .map(step ->
                step.getPropertyName() == null
                    ? "[" + step.getIndex() + "]"
                    : "." + step.getPropertyName())
            .collect(Collectors.joining());
    if (!path.isEmpty()) {
      return "Field " + (path.startsWith(".") ? path.substring(1) : path) + ": ";
    }
    return e.getLocation() == null
        ? ""
        : "Line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr()
            + ": ";
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
