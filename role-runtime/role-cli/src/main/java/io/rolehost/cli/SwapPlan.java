package io.rolehost.cli;

import io.rolehost.node.control.ControlClient;
import io.rolehost.node.solution.SolutionProblems;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import io.rolehost.node.solution.SwapSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is swapped, and by which HAProxy: as the command line says, else the solution of the side
 * that comes, else that of the side that leaves.
 *
 * @param coming the state directory of the side that comes
 * @param backend empty = named as the deployment
 */
record SwapPlan(Path coming, Path haproxy, Path map, String key, Optional<String> backend) {

  /** What the command line says; null = nothing. */
  record Said(
      @Nullable Path to,
      @Nullable Path haproxy,
      @Nullable Path map,
      @Nullable String key,
      @Nullable String backend) {}

  /** The settings of one side, and what is wrong with its solution. */
  private record Side(SwapSettings settings, Optional<String> problem) {}

  /**
   * Finds out.
   *
   * @throws Refused if something is said nowhere
   */
  static SwapPlan of(Said said, Path leaving, Surroundings surroundings) throws Refused {
    Path here = surroundings.workingDirectory();
    Side left = side(leaving, surroundings, here.resolve("solution.conf"));
    Path coming =
        first(
            "the state directory of the side that comes",
            "--to",
            "swap.other",
            absolute(said.to(), here),
            left,
            left.settings().other());
    // Its node must run, and knows its solution.
    Side right = side(coming, surroundings, null);
    SwapSettings own = right.settings();
    SwapSettings other = left.settings();
    return new SwapPlan(
        coming,
        first(
            "HAProxy's stats socket",
            "--haproxy",
            "swap.haproxy",
            absolute(said.haproxy(), here),
            right,
            own.haproxy().or(other::haproxy)),
        first(
            "HAProxy's map file",
            "--map",
            "swap.map",
            absolute(said.map(), here),
            right,
            own.map().or(other::map)),
        first(
            "the key in HAProxy's map",
            "--key",
            "swap.key",
            Optional.ofNullable(said.key()),
            right,
            own.key().or(other::key)),
        Optional.ofNullable(said.backend()).or(own::backend));
  }

  private static Optional<Path> absolute(@Nullable Path path, Path here) {
    return Optional.ofNullable(path).map(named -> here.resolve(named).normalize());
  }

  private static <T> T first(
      String what, String option, String key, Optional<T> said, Side side, Optional<T> settings)
      throws Refused {
    Optional<T> found = said.or(() -> settings);
    if (found.isEmpty()) {
      throw new Refused(
          Failures.USAGE,
          "Nobody says what "
              + what
              + " is: name it by "
              + option
              + ", or by "
              + key
              + " in the solution; 'rolehost swap --help' tells more"
              + side.problem().map(problem -> ". That can't be read: " + problem).orElse(""));
    }
    return found.get();
  }

  /** Reads the solution that a node runs, else the one that may lie where the command is called. */
  private static Side side(Path stateDir, Surroundings surroundings, @Nullable Path otherwise) {
    Optional<Path> file =
        ofNode(stateDir).or(() -> Optional.ofNullable(otherwise).filter(Files::isRegularFile));
    if (file.isEmpty()) {
      return new Side(SwapSettings.NONE, Optional.empty());
    }
    try {
      return new Side(SolutionReader.read(file.get(), surroundings).swap(), Optional.empty());
    } catch (SolutionProblems wrong) {
      return new Side(SwapSettings.NONE, Optional.ofNullable(wrong.getMessage()));
    }
  }

  private static Optional<Path> ofNode(Path stateDir) {
    ControlClient node = ControlClient.of(stateDir);
    if (!node.isUp()) {
      return Optional.empty();
    }
    try {
      return node.ask("status", Map.of()).get("node") instanceof Map<?, ?> about
              && about.get("solution") instanceof String file
          ? Optional.of(Path.of(file))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // it ends
    }
  }
}
