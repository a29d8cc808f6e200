package io.rolehost.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import io.rolehost.cli.budget.Budget;
import io.rolehost.cli.budget.Proof;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.Solution;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a node may take that runs a solution, by the settings of the roles in it.
 *
 * @param proofs that the node leaves each of its roles the time that the role takes by itself
 */
record SolutionBudget(Budget node, List<Proof> proofs) {

  /** What one role takes, with those that it waits for. */
  private record Chain(Duration start, Duration stop) {}

  /**
   * Reads the settings of all roles.
   *
   * @throws Refused if those of a role can't be used
   */
  static SolutionBudget of(Solution solution, Surroundings surroundings) throws Refused {
    Map<String, RoleSpec> roles = new HashMap<>();
    Map<String, Budget> budgets = new HashMap<>();
    List<Proof> proofs = new ArrayList<>();
    Duration drain = Duration.ZERO;
    for (RoleSpec role : solution.roles()) {
      roles.put(role.name(), role);
      if (role.roleHost()) {
        Budget budget = budget(solution, role, surroundings);
        budgets.put(role.name(), budget);
        drain = longer(drain, budget.drain());
        proofs.add(Proof.leaves(role.name(), budget, role.killAfter(solution.node().profile())));
      }
    }
    Duration start = Duration.ZERO;
    Duration stop = Duration.ZERO;
    Map<String, Chain> known = new HashMap<>();
    for (RoleSpec role : solution.roles()) {
      Chain chain = chain(role, solution, roles, budgets, known);
      start = longer(start, chain.start());
      stop = longer(stop, chain.stop());
    }
    String process = "node of " + solution.file().map(Path::toString).orElse("one jar");
    return new SolutionBudget(Budget.ofNode(process, start, stop, drain), proofs);
  }

  /** A role starts when those it depends on are ready, and ends before they are told to. */
  private static Chain chain(
      RoleSpec role,
      Solution solution,
      Map<String, RoleSpec> roles,
      Map<String, Budget> budgets,
      Map<String, Chain> known) {
    @Nullable Chain found = known.get(role.name());
    if (found != null) {
      return found;
    }
    Duration start = Duration.ZERO;
    Duration stop = Duration.ZERO;
    for (String other : role.dependsOn()) {
      @Nullable RoleSpec before = roles.get(other);
      if (before != null) { // there is no circle in a solution that could be read
        Chain chain = chain(before, solution, roles, budgets, known);
        start = longer(start, chain.start());
        stop = longer(stop, chain.stop());
      }
    }
    @Nullable Budget own = budgets.get(role.name());
    Chain chain =
        new Chain(
            start.plus(own == null ? Duration.ZERO : own.start()),
            stop.plus(role.killAfter(solution.node().profile())));
    known.put(role.name(), chain);
    return chain;
  }

  private static Budget budget(Solution solution, RoleSpec role, Surroundings surroundings)
      throws Refused {
    Duration tasks = Duration.ZERO;
    for (RoleSpec.StartupTask task : role.startup()) {
      if (task.type() == RoleSpec.StartupTask.Type.SIMPLE) {
        tasks = tasks.plus(task.timeout());
      }
    }
    List<String> options = new ArrayList<>(settings(role));
    role.endpoints()
        .forEach((name, endpoint) ->
            options.add("-Drolehost.endpoints." + name + ".port=" + endpoint.port()));
    options.addAll(role.program().jvmOptions());
    return RoleSettings.budget(
            new RoleSettings.Start(
                jar(role),
                options,
                environment(solution, role, surroundings),
                surroundings.workingDirectory()))
        .withMoreStartupTasks(tasks);
  }

  /** The settings that a solution has for a role, as options: only those of the host count here. */
  private static List<String> settings(RoleSpec role) {
    List<String> options = new ArrayList<>();
    Config settings = ConfigFactory.parseString(role.settings().orElse(""));
    for (Map.Entry<String, ConfigValue> entry : settings.entrySet()) {
      if (entry.getKey().startsWith("rolehost.")
          && !(entry.getValue().unwrapped() instanceof List<?>)) {
        options.add("-D" + entry.getKey() + "=" + entry.getValue().unwrapped());
      }
    }
    return options;
  }

  static Optional<Path> jar(RoleSpec role) {
    return role.program() instanceof Program.Jar(Path file, var _, var _)
        ? Optional.of(file)
        : Optional.empty();
  }

  /** As a child of a node has it, where it decides settings. */
  private static Map<String, String> environment(
      Solution solution, RoleSpec role, Surroundings surroundings) {
    Map<String, String> environment = new HashMap<>(surroundings.environment());
    environment.keySet().removeIf(name -> name.startsWith("ROLEHOST_"));
    environment.putAll(role.environment());
    environment.put("ROLEHOST_PROFILE", solution.node().profile().key());
    environment.put("ROLEHOST_ROLE_NAME", role.name());
    environment.put("ROLEHOST_MANAGEMENT_PORT", "0");
    return environment;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
