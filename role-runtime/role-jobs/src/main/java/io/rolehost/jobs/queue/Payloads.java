package io.rolehost.jobs.queue;

import io.rolehost.jobs.JobType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Payloads as JSON: the only code of this package that knows Jackson. */
public final class Payloads {

  /** What a newer sender added is passed over, so that the two may be deployed one by one. */
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private static final ObjectReader HEADERS =
      JSON.readerFor(new TypeReference<Map<String, String>>() {});
  private static final ObjectReader HISTORY = JSON.readerFor(new TypeReference<List<Failure>>() {});

  private static final ClassValue<List<String>> NAMES =
      new ClassValue<>() {
        @Override
        protected List<String> computeValue(Class<?> type) {
          JobType named = type.getAnnotation(JobType.class);
          List<String> names = new ArrayList<>();
          names.add(named == null ? type.getSimpleName() : named.value());
          if (named != null) {
            names.addAll(List.of(named.formerly()));
          }
          return List.copyOf(names);
        }
      };

  private Payloads() {}

  /** Returns the names that messages of a type carry: the one of today first. */
  public static List<String> names(Class<?> type) {
    return NAMES.get(type);
  }

  /**
   * Writes a payload.
   *
   * @throws IllegalArgumentException if it can't be written as JSON
   */
  public static byte[] bytes(Object payload) {
    try {
      return JSON.writeValueAsBytes(payload);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "A payload of "
              + payload.getClass().getName()
              + " can't be written as JSON: "
              + e.getOriginalMessage()
              + ". Use a record, a map, a list, a text or a number.",
          e);
    }
  }

  /** Writes a value as {@link #bytes} does. */
  public static String text(Object value) {
    return new String(bytes(value), java.nio.charset.StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IllegalArgumentException if it is no such value
   */
  public static <T> T value(String json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(unreadable(type, e), e);
    }
  }

  static ObjectReader reader(Class<?> type) {
    return JSON.readerFor(type);
  }

  static String unreadable(Class<?> type, JacksonException e) {
    return "Can't be read as " + type.getName() + ": " + e.getOriginalMessage();
  }

  static Map<String, String> headers(String json) {
    try {
      return HEADERS.readValue(json);
    } catch (JacksonException foreign) {
      return Map.of();
    }
  }

  static List<Failure> history(String json) {
    try {
      return HISTORY.readValue(json);
    } catch (JacksonException foreign) {
      return List.of();
    }
  }
}
