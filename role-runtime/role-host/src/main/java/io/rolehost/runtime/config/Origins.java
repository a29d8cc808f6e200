package io.rolehost.runtime.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/** Where a value came from, in words that lead a person there: pure. */
final class Origins {

  /** The origin of every value that was a system property. */
  static final String PROPERTIES = "system property";

  /** The origin of every value that was an environment variable, followed by its name. */
  static final String VARIABLE = "environment variable ";

  private Origins() {}

  /** Returns for instance {@code /etc/photo.conf:12}. */
  static String of(String path, ConfigValue value) {
    ConfigOrigin origin = value.origin();
    return origin.description().startsWith(PROPERTIES) ? PROPERTIES + " " + path : of(origin);
  }

  private static String of(ConfigOrigin origin) {
    String place = place(origin);
    return origin.lineNumber() < 0 ? place : place + ":" + origin.lineNumber();
  }

  private static String place(ConfigOrigin origin) {
    if (origin.filename() != null) {
      return origin.filename();
    }
    if (origin.url() != null) {
      String url = origin.url().toString();
      return url.startsWith("jar:file:") ? url.substring("jar:file:".length()) : url;
    }
    return origin.description();
  }

  /** Returns what the library complains of, with the place in front as everywhere else. */
  static String of(ConfigException wrong) {
    String message = String.valueOf(wrong.getMessage());
    @Nullable ConfigOrigin origin = wrong.origin();
    if (origin == null) {
      return message;
    }
    String prefix = origin.description() + ": ";
    String sentence = message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    return of(origin) + ": " + sentence;
  }
}
