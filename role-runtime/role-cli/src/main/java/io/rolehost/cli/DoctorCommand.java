package io.rolehost.cli;

import io.rolehost.cli.budget.Proof;
import io.rolehost.node.solution.Solution;
import io.rolehost.node.solution.SolutionProblems;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import io.rolehost.runtime.process.SystemTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
          + " not. Changes nothing. Exit 78: something must be changed; 75: it may pass by itself.",
      "With --unit or --pod: proves that start, drain, stop and kill reserve of a role fit into"
          + " what a unit file or a Kubernetes manifest grants, with the numbers."
    })
final class DoctorCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SOLUTION",
      description = "The file that names the roles. Default: solution.conf in this folder, if any.")
  private @Nullable Path file;

  @Option(
      names = "--unit",
      paramLabel = "FILE",
      description = "Look at this service unit of systemd instead of at the machine.")
  private @Nullable Path unit;

  @Option(
      names = "--pod",
      paramLabel = "FILE",
      description = "Look at this Pod, Deployment, StatefulSet, … instead of at the machine.")
  private @Nullable Path pod;

  @Option(
      names = "--jar",
      paramLabel = "JAR",
      description =
          "The role that runs there, for its settings. Default: what the unit starts, else the"
              + " defaults.")
  private @Nullable Path jar;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Surroundings surroundings = place.surroundings();
    if (unit != null) {
      return print(ManifestDoctor.unit(unit, jar, surroundings));
    }
    if (pod != null) {
      return print(ManifestDoctor.pod(pod, jar, surroundings));
    }
    Path solution =
        UpCommand.choose(file, surroundings.workingDirectory(), ""); // not the samples unasked
    List<Finding> findings =
        new ArrayList<>(
            Diagnosis.of(
                Examination.of(
                    solution, file != null, place.stateDir(), surroundings, new SystemTime())));
    if (Files.exists(solution)) {
      findings.addAll(ofSolution(solution, surroundings));
    }
    int code = Diagnosis.exitCode(findings);
    if (json) {
      place.printJson(
          Map.of("ok", code == 0, "checks", findings.stream().map(Finding::toMap).toList()));
    } else {
      findings.forEach(finding -> place.printVerdict(finding.word(), finding.line()));
    }
    return code;
  }

  /** What is wrong with the solution itself is told already. */
  private static List<Finding> ofSolution(Path solution, Surroundings surroundings) {
    try {
      Solution read = SolutionReader.read(solution, surroundings);
      List<Finding> findings =
          new ArrayList<>(
              SolutionFacts.of(read, surroundings.environment().getOrDefault("PATH", ""))
                  .findings());
      findings.addAll(PortClaims.of("this node", read).beside(OtherNodes.beside(read)));
      return findings;
    } catch (SolutionProblems told) {
      return List.of();
    }
  }

  private int print(ManifestDoctor.Answer answer) {
    boolean all = Proof.all(answer.proofs());
    if (json) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("ok", all);
      values.put("process", answer.process());
      values.put("settings", answer.settings());
      values.put("proofs", answer.proofs().stream().map(Proof::toMap).toList());
      place.printJson(values);
    } else {
      place.print(answer.process() + ", by " + answer.settings());
      Proof.table(answer.proofs()).forEach(place::print);
    }
    return all ? 0 : Failures.CONFIGURATION;
  }
}
