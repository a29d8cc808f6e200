package io.rolehost.runtime.config;

import com.typesafe.config.ConfigMemorySize;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One key of the host.
 *
 * @param path its parts; {@code *} stands for a name that the user chooses
 * @param expected what a value has to be, to follow "expected"
 * @param reading from a value that is not null; throws a {@code RuntimeException} if it does not
 *     fit
 */
record Key<T>(List<String> path, String expected, Function<ConfigValue, T> reading) {

  /** The part of a path that the user chooses. */
  static final String ANY_NAME = "*";

  /** What can be part of a file's name and of a freeze's scope. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  static final String NAME_EXPECTED = "a name of letters, digits, dots, dashes and underscores";

  private static final Pattern BARE_NUMBER = Pattern.compile("\\s*[-+]?[0-9.]+\\s*");

  static Key<String> text(String path) {
    return of(path, "a text", Key::scalar);
  }

  static Key<String> name(String path) {
    return of(path, NAME_EXPECTED, value -> require(scalar(value), isName(scalar(value))));
  }

  static Key<Boolean> flag(String path) {
    return of(path, "true or false", value -> value.atKey("it").getBoolean("it"));
  }

  static Key<Integer> whole(String path, int min, int max) {
    return of(
        path,
        max == Integer.MAX_VALUE
            ? "a whole number of at least " + min
            : "a whole number from " + min + " to " + max,
        value -> {
          int number = Integer.parseInt(scalar(value).strip());
          return require(number, number >= min && number <= max);
        });
  }

  static Key<Integer> port(String path) {
    return whole(path, 0, 65_535);
  }

  /** A number without a unit would be milliseconds, which nobody means by {@code grace = 25}. */
  static Key<Duration> duration(String path, Duration min) {
    return of(
        path,
        "a duration with its unit, such as 500ms, 25s or 5m"
            + (min.isZero() ? "" : ", of at least " + Durations.text(min)),
        value -> {
          boolean unit = !BARE_NUMBER.matcher(scalar(value)).matches();
          Duration duration = value.atKey("it").getDuration("it");
          return require(duration, (unit || duration.isZero()) && duration.compareTo(min) >= 0);
        });
  }

  static Key<Long> bytes(String path, long min) {
    return of(
        path,
        "a size such as 512k or 10M, of at least " + min + " bytes",
        value -> {
          ConfigMemorySize size = value.atKey("it").getMemorySize("it");
          return require(size.toBytes(), size.toBytes() >= min);
        });
  }

  static <E extends Enum<E>> Key<E> choice(String path, Class<E> type) {
    return of(
        path,
        EnumSet.allOf(type).stream()
            .map(Key::word)
            .collect(Collectors.joining(", ", "one of ", "")),
        value -> {
          String found = scalar(value).strip().toLowerCase(Locale.ROOT);
          for (E constant : EnumSet.allOf(type)) {
            if (word(constant).equals(found)) {
              return constant;
            }
          }
          throw new IllegalArgumentException(found);
        });
  }

  /** A list, or one text with commas, since a variable can hold no list. */
  static Key<List<String>> texts(String path) {
    return of(
        path,
        "a list of texts",
        value -> {
          List<String> texts = new ArrayList<>();
          if (value instanceof com.typesafe.config.ConfigList list) {
            for (ConfigValue element : list) {
              texts.add(scalar(element));
            }
          } else {
            for (String part : scalar(value).split(",", -1)) {
              if (!part.isBlank()) {
                texts.add(part.strip());
              }
            }
          }
          return List.copyOf(texts);
        });
  }

  static Key<ConfigValue> anything(String path) {
    return of(path, "anything", value -> value);
  }

  private static <T> Key<T> of(String path, String expected, Function<ConfigValue, T> reading) {
    return new Key<>(List.of(path.split("\\.", -1)), expected, reading);
  }

  /** Returns this key with {@code name} where its path leaves one open. */
  Key<T> at(String name) {
    return new Key<>(
        path.stream().map(part -> part.equals(ANY_NAME) ? name : part).toList(), expected, reading);
  }

  /** Returns the path as HOCON writes it. */
  String dotted() {
    return ConfigUtil.joinPath(path);
  }

  /** Returns the path as documented, with {@code NAME} where the user chooses. */
  String documented() {
    return path.stream()
        .map(part -> part.equals(ANY_NAME) ? "NAME" : part)
        .collect(Collectors.joining("."));
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A number or flag is a text too, as everywhere in HOCON. */
  static String scalar(ConfigValue value) {
    boolean structure =
        value.valueType() == ConfigValueType.OBJECT
            || value.valueType() == ConfigValueType.LIST
            || value.valueType() == ConfigValueType.NULL;
    return require(String.valueOf(value.unwrapped()), !structure);
  }

  private static <T> T require(T value, boolean fits) {
    if (!fits) {
      throw new IllegalArgumentException(String.valueOf(value));
    }
    return value;
  }
}
