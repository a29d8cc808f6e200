package io.rolehost.cli;

import io.rolehost.node.NodeProcess;
import io.rolehost.node.solution.Solution;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rolehost run}: a node of one instance of one jar. */
@Command(
    name = "run",
    description = "Runs one instance of one role, and starts it again when it ends, as 'up' would.")
final class RunCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "JAR", description = "The jar of the role.")
  private Path jar = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "ARGUMENT",
      description = "Given to the program; what begins with a dash goes behind --.")
  private List<String> arguments = new ArrayList<>();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Surroundings surroundings = place.surroundings();
    Solution solution = SolutionReader.ofJar(jar, arguments, surroundings);
    return NodeProcess.run(
        solution,
        () -> SolutionReader.ofJar(jar, arguments, surroundings),
        surroundings,
        System.out,
        System.err);
  }
}
