package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.cli.budget.UnitFile;
import io.rolehost.node.solution.Solution;
import io.rolehost.node.solution.SolutionProblems;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the other nodes of this machine: those that run, as far as this user may look into their
 * processes, and those that systemd has a unit of. Linux alone; elsewhere there are none.
 */
final class OtherNodes {
  private static final Path PROCESSES = Path.of("/proc");
  private static final Path UNITS = Path.of("/etc/systemd/system");
  private static final String MAIN = Main.class.getName();
  private static final long LARGEST_UNIT = 64 * 1024;

  private OtherNodes() {}

  /** A node, and where it was found. */
  private record Found(String name, Path solution, Surroundings surroundings) {}

  /** Returns what others want than the node of {@code own}. */
  static List<PortClaims> beside(Solution own) {
    List<Found> found = running(PROCESSES);
    found.addAll(units(UNITS));
    return claims(own, found);
  }

  /** As {@link #beside}, with the units of another folder and nothing that runs. */
  static List<PortClaims> ofUnits(Solution own, Path units) {
    return claims(own, units(units));
  }

  private static List<PortClaims> claims(Solution own, List<Found> found) {
    Set<Path> seen = new HashSet<>(Set.of(own.node().stateDir()));
    List<PortClaims> claims = new ArrayList<>();
    for (Found node : found) {
      try {
        Solution solution = SolutionReader.read(node.solution(), node.surroundings());
        if (seen.add(solution.node().stateDir())) {
          claims.add(PortClaims.of(node.name() + ", of " + node.solution(), solution));
        }
      } catch (SolutionProblems broken) {
        // It does not start with that; its own doctor says why.
      }
    }
    return claims;
  }

  private static List<Found> running(Path processes) {
    List<Found> found = new ArrayList<>();
    ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .sorted()
        .forEach(pid -> running(processes.resolve(Long.toString(pid)), pid).ifPresent(found::add));
    return found;
  }

  private static Optional<Found> running(Path process, long pid) {
    try {
      List<String> words = words(process.resolve("cmdline"));
      if (!words.contains("up")) {
        return Optional.empty();
      }
      Path folder = process.resolve("cwd").toRealPath();
      return solution(words, folder)
          .map(file ->
              new Found(
                  "process " + pid,
                  file,
                  new Surroundings(
                      environment(process),
                      properties(words),
                      folder,
                      isTerminal(process, 0) && isTerminal(process, 1),
                      pid)));
    } catch (IOException anothersOrGone) {
      return Optional.empty();
    }
  }

  private static List<String> words(Path file) throws IOException {
    String text = Files.readString(file, UTF_8);
    return Arrays.asList(text.split("\0", -1));
  }

  private static Map<String, String> environment(Path process) {
    Map<String, String> environment = new HashMap<>();
    try {
      for (String word : words(process.resolve("environ"))) {
        int equals = word.indexOf('=');
        if (equals > 0) {
          environment.put(word.substring(0, equals), word.substring(equals + 1));
        }
      }
    } catch (IOException anothers) {
      return Map.of();
    }
    return environment;
  }

  private static Map<String, String> properties(List<String> words) {
    Map<String, String> properties = new HashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (word.startsWith("-D") && equals > 0) {
        properties.put(word.substring(2, equals), word.substring(equals + 1));
      }
    }
    int at = words.indexOf("--state-dir");
    if (at >= 0 && at + 1 < words.size()) {
      properties.put("rolehost.state-dir", words.get(at + 1));
    }
    return properties;
  }

  private static boolean isTerminal(Path process, int descriptor) {
    try {
      String target = Files.readSymbolicLink(process.resolve("fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException unknown) {
      return false;
    }
  }

  /** Returns the solution that a command line brings up; empty if it brings up none. */
  static Optional<Path> solution(List<String> words, Path folder) {
    int main = words.indexOf(MAIN);
    int jar = words.indexOf("-jar") + 1;
    boolean ours =
        main > 0
            || (jar > 0
                && jar < words.size()
                && words.get(jar).matches("(.*/)?role-?(cli|host)[^/]*"));
    int up = ours ? words.indexOf("up") : -1;
    if (up < 0 || up < Math.max(main, jar)) {
      return Optional.empty();
    }
    List<String> arguments = words.stream().skip(up).filter(word -> !word.isEmpty()).toList();
    return new UnitStart(Optional.empty(), List.of(), arguments, folder).solution();
  }

  private static List<Found> units(Path folder) {
    List<Found> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.service")) {
      for (Path file : files) {
        unit(file).ifPresent(found::add);
      }
    } catch (IOException noSystemd) {
      return found;
    }
    found.sort((a, b) -> a.name().compareTo(b.name()));
    return found;
  }

  private static Optional<Found> unit(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_UNIT) {
        return Optional.empty();
      }
      UnitFile unit = UnitFile.parse(Files.readString(file, UTF_8));
      List<String> words = unit.words("Service", "ExecStart");
      UnitStart start = UnitStart.of(unit, file.getRoot());
      Optional<Path> solution =
          words.toString().contains("role") ? start.solution() : Optional.empty();
      return solution.map(path ->
          new Found(
              "unit " + file.getFileName(),
              path,
              new Surroundings(
                  environment(unit), properties(words), start.workingDirectory(), false, 0)));
    } catch (IOException | RuntimeException anothers) {
      return Optional.empty(); // a unit that is not ours may be as it likes
    }
  }

  private static Map<String, String> environment(UnitFile unit) {
    Map<String, String> environment = new HashMap<>();
    unit.get("Service", "StateDirectory")
        .ifPresent(name -> environment.put("STATE_DIRECTORY", "/var/lib/" + name));
    environment.putAll(unit.environment());
    return environment;
  }
}
