package io.rolehost.jobs.boot;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.rolehost.api.PermanentFailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads keys below {@code rolehost.jobs} and collects what is wrong with them. */
final class JobsSettingsReader {

  private final Config jobs;
  private final List<String> problems = new ArrayList<>();

  JobsSettingsReader(Config config) {
    this.jobs =
        config.hasPath(JobsSettings.ROOT)
            ? config.getConfig(JobsSettings.ROOT)
            : ConfigFactory.empty();
    for (Map.Entry<String, ConfigValue> entry : jobs.entrySet()) {
      String key = String.join(".", ConfigUtil.splitPath(entry.getKey()));
      if (!JobsSettings.KEYS.contains(key)) {
        problems.add(
            where(entry.getValue())
                + ": "
                + JobsSettings.ROOT
                + "."
                + key
                + " is not a key; there are "
                + String.join(", ", JobsSettings.KEYS));
      }
    }
  }

  Optional<String> text(String key) {
    return read(key, jobs::getString).map(String::strip).filter(text -> !text.isEmpty());
  }

  List<String> texts(String key) {
    return read(key, jobs::getStringList).orElse(List.of());
  }

  boolean flag(String key, boolean otherwise) {
    return read(key, jobs::getBoolean).orElse(otherwise);
  }

  Duration duration(String key, Duration otherwise, Duration least) {
    Duration read = read(key, jobs::getDuration).orElse(otherwise);
    if (read.compareTo(least) < 0) {
      wrong(key, "must be at least " + least + ", was " + read);
    }
    return read;
  }

  long whole(String key, long otherwise, long least, long most) {
    long read = read(key, jobs::getLong).orElse(otherwise);
    if (read < least || read > most) {
      wrong(key, "must be from " + least + " to " + most + ", was " + read);
    }
    return read;
  }

  long bytes(String key, long otherwise) {
    long read = read(key, jobs::getBytes).orElse(otherwise);
    if (read < 1) {
      wrong(key, "must be positive, was " + read);
    }
    return read;
  }

  <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
    Optional<String> read = text(key);
    if (read.isEmpty()) {
      return otherwise;
    }
    // HOCON reads on and off as true and false where they stand bare.
    String name =
        switch (read.get().toUpperCase(Locale.ROOT)) {
          case "TRUE" -> "ON";
          case "FALSE" -> "OFF";
          default -> read.get().toUpperCase(Locale.ROOT);
        };
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(name)) {
        return constant;
      }
    }
    wrong(
        key,
        "must be one of "
            + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT)
            + ", was \""
            + read.get()
            + "\"");
    return otherwise;
  }

  String secret(String key, String fileKey) {
    Optional<String> file = text(fileKey);
    if (file.isEmpty()) {
      return read(key, jobs::getString).orElse("");
    }
    try {
      return Files.readString(Path.of(file.get())).strip();
    } catch (IOException e) {
      wrong(fileKey, "can't be read: " + e + ". It should hold nothing but the password");
      return "";
    }
  }

  void throwProblems() {
    if (!problems.isEmpty()) {
      throw new PermanentFailureException(
          "The settings of background work are wrong:\n  " + String.join("\n  ", problems));
    }
  }

  private <T> Optional<T> read(String key, Function<String, T> get) {
    try {
      return jobs.hasPath(key) ? Optional.of(get.apply(key)) : Optional.empty();
    } catch (ConfigException wrongType) {
      problems.add(String.valueOf(wrongType.getMessage()));
      return Optional.empty();
    }
  }

  private void wrong(String key, String what) {
    String full = JobsSettings.ROOT + "." + key;
    problems.add((jobs.hasPath(key) ? where(jobs.getValue(key)) + ": " : "") + full + " " + what);
  }

  private static String where(ConfigValue value) {
    return value.origin().description();
  }
}
