package io.rolehost.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds what instances printed: one numbered file an incarnation. A node keeps all output ({@code
 * .out}), a role host its log ({@code .log}), which is also part of its output.
 */
final class LogFiles {
  private static final Pattern NAME = Pattern.compile("(.+)-([0-9]{1,18})\\.(out|log)");

  /** A log that is so much younger than what a node kept was written without a node. */
  private static final Duration WITHOUT_NODE = Duration.ofSeconds(10);

  private LogFiles() {}

  private record Numbered(Path file, long incarnation, Instant written) {}

  /** Returns the file of the newest incarnation of each instance; none if there is no folder. */
  static Map<String, Path> newest(Path directory) {
    Map<String, Numbered> outputs = new TreeMap<>();
    Map<String, Numbered> logs = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
        if (name.matches() && Files.exists(file)) {
          Numbered found =
              new Numbered(
                  file, Long.parseLong(name.group(2)), Files.getLastModifiedTime(file).toInstant());
          (name.group(3).equals("out") ? outputs : logs)
              .merge(name.group(1), found, (a, b) -> a.incarnation() >= b.incarnation() ? a : b);
        }
      }
    } catch (IOException e) {
      return Map.of();
    }
    Map<String, Path> newest = new TreeMap<>();
    outputs.forEach((instance, output) -> newest.put(instance, output.file()));
    logs.forEach((instance, log) -> {
      @Nullable Numbered output = outputs.get(instance);
      if (output == null || log.written().isAfter(output.written().plus(WITHOUT_NODE))) {
        newest.put(instance, log.file());
      }
    });
    return newest;
  }

  /** Returns whether an instance is meant by its id, by its role, or because all are. */
  static boolean isMeant(String instance, String target) {
    int number = instance.lastIndexOf("_IN_");
    return target.isEmpty()
        || instance.equals(target)
        || (number > 0 && instance.substring(0, number).equals(target));
  }
}
