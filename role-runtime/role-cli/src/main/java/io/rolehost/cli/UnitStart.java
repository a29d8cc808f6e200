package io.rolehost.cli;

import io.rolehost.cli.budget.UnitFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a unit starts, read from its {@code ExecStart}.
 *
 * @param jar behind {@code -jar}, absolute; empty if there is none
 * @param jvmOptions before it
 * @param arguments behind it, or behind the program where there is none
 * @param workingDirectory absolute
 */
record UnitStart(
    Optional<Path> jar, List<String> jvmOptions, List<String> arguments, Path workingDirectory) {

  /**
   * Reads it.
   *
   * @param folder of the unit file, where paths start that are not absolute
   */
  static UnitStart of(UnitFile unit, Path folder) {
    List<String> words = new ArrayList<>(unit.words("Service", "ExecStart"));
    Path workingDirectory =
        unit.get("Service", "WorkingDirectory")
            .filter(path -> path.startsWith("/"))
            .map(Path::of)
            .orElse(folder);
    if (!words.isEmpty()) {
      words.removeFirst();
    }
    int at = words.indexOf("-jar");
    if (at < 0 || at + 1 == words.size()) {
      return new UnitStart(Optional.empty(), List.of(), words, workingDirectory);
    }
    return new UnitStart(
        Optional.of(workingDirectory.resolve(words.get(at + 1)).normalize()),
        List.copyOf(words.subList(0, at)),
        List.copyOf(words.subList(at + 2, words.size())),
        workingDirectory);
  }

  /** Returns the solution of the node that it starts; empty if it starts no node. */
  Optional<Path> solution() {
    if (arguments.isEmpty() || !arguments.getFirst().equals("up")) {
      return Optional.empty();
    }
    @Nullable String named = null;
    for (int i = 1; i < arguments.size(); i++) {
      if (arguments.get(i).equals("--state-dir")) {
        i++;
      } else if (!arguments.get(i).startsWith("-")) {
        named = arguments.get(i);
      }
    }
    return Optional.of(workingDirectory.resolve(named == null ? "solution.conf" : named));
  }
}
