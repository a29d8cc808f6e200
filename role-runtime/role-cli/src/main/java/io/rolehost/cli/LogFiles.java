package io.rolehost.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what instances printed: a node keeps one file an incarnation, numbered. */
final class LogFiles {
  private static final Pattern NAME = Pattern.compile("(.+)-([0-9]{1,18})\\.(?:out|log)");

  private LogFiles() {}

  private record Numbered(Path file, long incarnation) {}

  /** Returns the file of the newest incarnation of each instance; none if there is no folder. */
  static Map<String, Path> newest(Path directory) {
    Map<String, Numbered> newest = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
        if (name.matches()) {
          Numbered found = new Numbered(file, Long.parseLong(name.group(2)));
          newest.merge(name.group(1), found, (a, b) -> a.incarnation() >= b.incarnation() ? a : b);
        }
      }
    } catch (IOException e) {
      return Map.of();
    }
    Map<String, Path> paths = new TreeMap<>();
    newest.forEach((instance, found) -> paths.put(instance, found.file()));
    return paths;
  }

  /** Returns whether an instance is meant by its id, by its role, or because all are. */
  static boolean isMeant(String instance, String target) {
    int number = instance.lastIndexOf("_IN_");
    return target.isEmpty()
        || instance.equals(target)
        || (number > 0 && instance.substring(0, number).equals(target));
  }
}
