package io.rolehost.runtime.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON by the configuration library: pure, for any thread. */
public final class Json {

  /** Deeper than anything we write, far from what overflows a stack. */
  private static final int MAX_DEPTH = 64;

  private Json() {}

  /**
   * Returns {@code value} as compact JSON, the keys of a map in its own order.
   *
   * @param value null, a boolean, number, text, {@code Map}, {@code Iterable} or {@code Optional}
   *     (empty = null) of these; a number that JSON can't hold becomes null; an enum constant is
   *     its name; anything else is its {@code toString()}
   */
  public static String render(@Nullable Object value) {
    StringBuilder out = new StringBuilder(128);
    append(out, value);
    return out.toString();
  }

  // The JVM makes a class for a switch over types at every start, cache or no cache.
  @SuppressWarnings("IfChainToSwitch")
  private static void append(StringBuilder out, @Nullable Object value) {
    if (value == null) {
      out.append("null");
    } else if (value instanceof Optional<?> maybe) {
      append(out, maybe.orElse(null));
    } else if (value instanceof Boolean flag) {
      out.append(flag.booleanValue());
    } else if (value instanceof Number number) {
      out.append(Double.isFinite(number.doubleValue()) ? number : "null");
    } else if (value instanceof Map<?, ?> map) {
      append(out, map);
    } else if (value instanceof Path path) { // an Iterable of its names: of itself, without end
      out.append(ConfigUtil.quoteString(path.toString()));
    } else if (value instanceof Iterable<?> list) {
      append(out, list);
    } else if (value instanceof Enum<?> constant) {
      out.append(ConfigUtil.quoteString(constant.name()));
    } else {
      out.append(ConfigUtil.quoteString(value.toString()));
    }
  }

  private static void append(StringBuilder out, Map<?, ?> map) {
    out.append('{');
    for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<?, ?> entry = i.next();
      out.append(ConfigUtil.quoteString(String.valueOf(entry.getKey()))).append(':');
      append(out, entry.getValue());
      if (i.hasNext()) {
        out.append(',');
      }
    }
    out.append('}');
  }

  private static void append(StringBuilder out, Iterable<?> list) {
    out.append('[');
    for (Iterator<?> i = list.iterator(); i.hasNext(); ) {
      append(out, i.next());
      if (i.hasNext()) {
        out.append(',');
      }
    }
    out.append(']');
  }

  /**
   * Reads one JSON object.
   *
   * @return its keys in no particular order; values are null, {@code Boolean}, {@code Integer},
   *     {@code Long}, {@code Double}, {@code String}, {@code List} or {@code Map}
   * @throws IllegalArgumentException if it is none; the message says what is wrong and in which
   *     line
   */
  public static Map<String, Object> parse(String text) {
    if (depth(text) > MAX_DEPTH) {
      throw new IllegalArgumentException("JSON nested deeper than " + MAX_DEPTH + " levels");
    }
    try {
      return ConfigFactory.parseString(
              text,
              ConfigParseOptions.defaults()
                  .setSyntax(ConfigSyntax.JSON)
                  .setOriginDescription("line"))
          .root()
          .unwrapped();
    } catch (ConfigException wrong) {
      String message = String.valueOf(wrong.getMessage());
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "not a JSON object: %s", message), wrong);
    }
  }

  /** The parser recurses, so the depth is looked at before: text in quotes does not count. */
  private static int depth(String text) {
    int depth = 0;
    int deepest = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        depth++;
        deepest = Math.max(deepest, depth);
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
    return deepest;
  }
}
