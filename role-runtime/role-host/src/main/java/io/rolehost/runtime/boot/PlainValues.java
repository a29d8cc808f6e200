package io.rolehost.runtime.boot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values that are JSON, taken out of the hands of whoever made them. Pure. */
final class PlainValues {

  /** Deeper than anybody reads, far from what overflows a stack. */
  private static final int MAX_DEPTH = 32;

  private PlainValues() {}

  /**
   * Copies all the way down, so that nobody can change, or fail to render, what was copied.
   *
   * @throws IllegalArgumentException if it is nested too deep, as what contains itself is
   */
  static Map<String, Object> copy(Map<String, Object> values) {
    return map(values, 0);
  }

  private static Map<String, Object> map(Map<?, ?> values, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("Values nested deeper than " + MAX_DEPTH + " levels");
    }
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    values.forEach((key, value) -> copy.put(String.valueOf(key), value(value, depth + 1)));
    return nulls(Collections.unmodifiableMap(copy));
  }

  private static @Nullable Object value(@Nullable Object value, int depth) {
    return switch (value) {
      case null -> null;
      case Optional<?> maybe -> value(maybe.orElse(null), depth);
      case Boolean flag -> flag;
      case Number number -> number;
      case Map<?, ?> map -> map(map, depth);
      case List<?> list -> list(list, depth);
      default -> String.valueOf(value);
    };
  }

  private static List<Object> list(List<?> values, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("Values nested deeper than " + MAX_DEPTH + " levels");
    }
    List<@Nullable Object> copy = new ArrayList<>();
    values.forEach(value -> copy.add(value(value, depth + 1)));
    return nulls(Collections.unmodifiableList(copy));
  }

  /** A JSON null is a value; the types of the plane do not say so. */
  @SuppressWarnings("NullAway")
  private static Map<String, Object> nulls(Map<String, @Nullable Object> values) {
    return values;
  }

  @SuppressWarnings("NullAway")
  private static List<Object> nulls(List<@Nullable Object> values) {
    return values;
  }
}
