package io.rolehost.cli;

import io.rolehost.cli.budget.Budget;
import io.rolehost.cli.budget.BudgetProver;
import io.rolehost.cli.budget.PodFile;
import io.rolehost.cli.budget.PodLimits;
import io.rolehost.cli.budget.Proof;
import io.rolehost.cli.budget.UnitFile;
import io.rolehost.cli.budget.UnitLimits;
import io.rolehost.node.solution.Solution;
import io.rolehost.node.solution.SolutionProblems;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a unit file or a manifest, and the settings of what it starts, and has them proved. */
final class ManifestDoctor {

  /**
   * What came out.
   *
   * @param process what is started
   * @param settings where its settings were read from
   */
  record Answer(String process, String settings, List<Proof> proofs) {}

  private ManifestDoctor() {}

  /**
   * Looks at a unit of systemd.
   *
   * @param jar of the role, for its settings; null = the one that the unit starts
   * @throws Refused if something can't be read
   */
  static Answer unit(Path file, @Nullable Path jar, Surroundings surroundings)
      throws Refused, SolutionProblems {
    try {
      UnitFile unit = UnitFile.parse(read(file));
      UnitLimits limits = UnitLimits.of(unit);
      Path folder = surroundings.workingDirectory().resolve(file).toAbsolutePath().getParent();
      UnitStart start =
          UnitStart.of(unit, folder == null ? surroundings.workingDirectory() : folder);
      Map<String, String> environment = new HashMap<>(unit.environment());
      environment.put("NOTIFY_SOCKET", "/run/systemd/notify");
      Optional<Path> solution = start.solution();
      if (solution.isPresent() && jar == null) {
        return node(solution.get(), limits, environment, start.workingDirectory());
      }
      Optional<Path> role = jar == null ? start.jar() : Optional.of(jar.toAbsolutePath());
      Budget budget =
          RoleSettings.budget(
              new RoleSettings.Start(
                  role, start.jvmOptions(), environment, start.workingDirectory()));
      return new Answer(budget.process(), settingsOf(role), BudgetProver.prove(budget, limits));
    } catch (IllegalArgumentException wrong) {
      throw new Refused(Failures.CONFIGURATION, file + ": " + wrong.getMessage());
    }
  }

  private static Answer node(
      Path file, UnitLimits limits, Map<String, String> environment, Path workingDirectory)
      throws Refused, SolutionProblems {
    Surroundings ofUnit = new Surroundings(environment, Map.of(), workingDirectory, false, 0);
    Solution solution = SolutionReader.read(file, ofUnit);
    SolutionBudget budget = SolutionBudget.of(solution, ofUnit);
    List<Proof> proofs = new ArrayList<>(BudgetProver.prove(budget.node(), limits));
    proofs.addAll(budget.proofs());
    return new Answer(budget.node().process(), file.toString(), proofs);
  }

  /**
   * Looks at a manifest of Kubernetes.
   *
   * @param jar of the role, for its settings; null = the defaults
   * @throws Refused if something can't be read
   */
  static Answer pod(Path file, @Nullable Path jar, Surroundings surroundings) throws Refused {
    try {
      PodFile manifest = PodFile.parse(read(file));
      PodLimits limits = manifest.limits();
      Map<String, String> environment = new HashMap<>(manifest.environment());
      environment.put("KUBERNETES_SERVICE_HOST", "kubernetes");
      Optional<Path> role = jar == null ? Optional.empty() : Optional.of(jar.toAbsolutePath());
      Budget budget =
          RoleSettings.budget(
              new RoleSettings.Start(
                  role, List.of(), environment, surroundings.workingDirectory()));
      return new Answer(limits.name(), settingsOf(role), BudgetProver.prove(budget, limits));
    } catch (IllegalArgumentException wrong) {
      throw new Refused(Failures.CONFIGURATION, file + ": " + wrong.getMessage());
    }
  }

  private static String settingsOf(Optional<Path> jar) {
    if (jar.isPresent() && Files.isRegularFile(jar.get())) {
      return "the variables, and " + jar.get();
    }
    return "the variables and the defaults; the jar"
        + jar.map(file -> " " + file).orElse("")
        + " is not here: --jar names it";
  }

  private static String read(Path file) throws Refused {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new Refused(
          Failures.USAGE, "There is no readable file " + file + ": name the unit or manifest");
    }
  }
}
