package io.rolehost.node.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Finds processes by the variables that a node gave them; what a child starts inherits these, so
 * grandchildren are found after their parent is gone. Without {@code /proc} nothing is found.
 */
public final class Leftovers {
  private static final Path PROC = Path.of("/proc");

  private Leftovers() {}

  /** Ends every process with such an environment, at once, and returns their ids. */
  public static List<Long> kill(Predicate<Map<String, String>> environment) {
    List<Long> killed = new ArrayList<>();
    long self = ProcessHandle.current().pid();
    for (long pid : pids()) {
      if (pid != self && environment.test(environmentOf(pid))) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        killed.add(pid);
      }
    }
    return killed;
  }

  private static List<Long> pids() {
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(PROC, entry -> isNumber(String.valueOf(entry.getFileName())))) {
      for (Path entry : entries) {
        pids.add(Long.parseLong(String.valueOf(entry.getFileName())));
      }
    } catch (IOException e) {
      return List.of(); // no /proc here: nothing can be found
    }
    return pids;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Map<String, String> environmentOf(long pid) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve("environ"));
    } catch (IOException e) {
      return Map.of(); // gone meanwhile, or somebody else's
    }
    Map<String, String> environment = new HashMap<>();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        String pair = new String(bytes, start, i - start, UTF_8);
        int equals = pair.indexOf('=');
        if (equals > 0 && pair.startsWith("ROLEHOST_")) {
          environment.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        start = i + 1;
      }
    }
    return environment;
  }
}
