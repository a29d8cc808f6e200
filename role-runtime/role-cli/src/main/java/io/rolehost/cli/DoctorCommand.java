package io.rolehost.cli;

import io.rolehost.node.solution.SolutionReader.Surroundings;
import io.rolehost.runtime.process.SystemTime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rolehost doctor}. */
@Command(
    name = "doctor",
    description = {
      "Checks whether roles can run on this machine and in this folder, and says what to do where"
          + " not. Changes nothing. Exit 78: something must be changed; 75: it may pass by itself."
    })
final class DoctorCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SOLUTION",
      description = "The file that names the roles. Default: solution.conf in this folder, if any.")
  private @Nullable Path file;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Place place = new Place();

  @Override
  public Integer call() {
    Surroundings surroundings = place.surroundings();
    Path solution =
        UpCommand.choose(file, surroundings.workingDirectory(), ""); // not the samples unasked
    List<Finding> findings =
        Diagnosis.of(
            Examination.of(
                solution, file != null, place.stateDir(), surroundings, new SystemTime()));
    int code = Diagnosis.exitCode(findings);
    if (json) {
      place.printJson(
          Map.of("ok", code == 0, "checks", findings.stream().map(Finding::toMap).toList()));
    } else {
      findings.forEach(finding -> place.print(finding.line()));
    }
    return code;
  }
}
