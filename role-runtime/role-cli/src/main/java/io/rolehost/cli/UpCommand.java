package io.rolehost.cli;

import io.rolehost.node.NodeProcess;
import io.rolehost.node.solution.Solution;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rolehost up}: the node. */
@Command(
    name = "up",
    description = {
      "Runs the roles of a solution, each instance as a process of its own, and starts again what"
          + " ends. Ctrl-C stops all of them in order."
    })
final class UpCommand implements Callable<Integer> {

  /** The folder of the installation, set by the launcher script. */
  private static final String HOME = "rolehost.home";

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SOLUTION",
      description =
          "The file that names the roles. Default: solution.conf in this folder, else the samples.")
  private @Nullable Path file;

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Surroundings surroundings = place.surroundings();
    Path chosen =
        choose(
            file,
            surroundings.workingDirectory(),
            surroundings.properties().getOrDefault(HOME, ""));
    Solution solution = SolutionReader.read(chosen, surroundings);
    place.print(
        "rolehost: "
            + chosen
            + ", state in "
            + solution.node().stateDir()
            + "; stop with Ctrl-C; 'rolehost status' in another window shows how it goes");
    return NodeProcess.run(
        solution,
        () -> SolutionReader.read(chosen, surroundings),
        surroundings,
        System.out,
        System.err);
  }

  /** Returns the file named, else that of the working directory, else that of the samples. */
  static Path choose(@Nullable Path named, Path workingDirectory, String home) {
    if (named != null) {
      return workingDirectory.resolve(named).normalize();
    }
    Path here = workingDirectory.resolve("solution.conf");
    if (home.isEmpty() || Files.exists(here)) {
      return here;
    }
    return Path.of(home, "sample-roles", "solution.conf");
  }
}
