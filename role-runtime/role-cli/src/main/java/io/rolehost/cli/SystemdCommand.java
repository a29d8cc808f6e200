package io.rolehost.cli;

import io.rolehost.cli.budget.Proof;
import io.rolehost.cli.budget.TimeSpan;
import io.rolehost.cli.unit.UnitWriter;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolehost systemd}: writes units, and proves that their limits fit. */
@Command(
    name = "systemd",
    description = {
      "Writes units of systemd with hardening, for a node or for one role, with limits that fit the"
          + " settings. Refuses, with the numbers, what does not fit. Exit 78 then.",
      "Without --output they are printed."
    })
final class SystemdCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SOLUTION|JAR",
      description =
          "The solution that a node is to run, or the jar of one role. Default: solution.conf in"
              + " this folder.")
  private @Nullable Path file;

  @ArgGroup(exclusive = true)
  private Which which = new Which();

  /** What of a solution. */
  static final class Which {
    @SuppressWarnings("UnusedVariable") // it is what happens without --role, and may be said
    @Option(names = "--node", description = "A node with all roles of the solution. The default.")
    private boolean node;

    @Option(
        names = "--role",
        paramLabel = "ROLE",
        description = "One role of the solution, without a node; several instances: a template.")
    private @Nullable String role;
  }

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The name of the units. Default: that of the folder, the role or the jar.")
  private @Nullable String name;

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "Who runs it. Default: a user that systemd makes up (DynamicUser).")
  private @Nullable String user;

  @Option(
      names = "--socket",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "ENDPOINT",
      description =
          "Of one role: systemd listens in its place, so that a restart refuses no connection.")
  private @Nullable String socket;

  @Option(
      names = "--timer",
      paramLabel = "CALENDAR",
      description = "Of one role: a job that a timer starts, such as daily or 'Mon 03:00'.")
  private @Nullable String timer;

  @Option(
      names = "--watchdog",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "WatchdogSec. Default: ${DEFAULT-VALUE}.")
  private String watchdog = "30s";

  @Option(
      names = "--timeout-start",
      paramLabel = "TIME",
      description = "TimeoutStartSec. Default: what the settings need.")
  private @Nullable String start;

  @Option(
      names = "--timeout-stop",
      paramLabel = "TIME",
      description = "TimeoutStopSec. Default: what the settings need.")
  private @Nullable String stop;

  @Option(
      names = "--systemd",
      paramLabel = "VERSION",
      description = "For which version. Default: that of this machine, else 252.")
  private @Nullable Integer version;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Write them into this folder, such as /etc/systemd/system.")
  private @Nullable Path output;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Screen screen = new Screen();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Surroundings surroundings = Surroundings.ofThisProcess();
    Path chosen = UpCommand.choose(file, surroundings.workingDirectory(), "");
    UnitPlanner.Wish wish =
        new UnitPlanner.Wish(
            chosen,
            Optional.ofNullable(which.role),
            checked(name, "--name", UnitWriter::isName),
            checked(user, "--user", UnitWriter::isUser),
            Optional.ofNullable(socket),
            Optional.ofNullable(timer),
            time("--watchdog", watchdog),
            start == null ? Optional.empty() : Optional.of(time("--timeout-start", start)),
            stop == null ? Optional.empty() : Optional.of(time("--timeout-stop", stop)),
            version == null ? SystemdVersion.ofThisMachine() : version);
    UnitPlanner.Units units = UnitPlanner.plan(wish, surroundings);
    if (output != null) {
      write(output, units.texts());
    }
    print(units);
    return 0;
  }

  private void print(UnitPlanner.Units units) {
    if (json) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("units", units.texts());
      values.put("stateDir", units.stateDir());
      values.put("proofs", units.proofs().stream().map(Proof::toMap).toList());
      screen.printJson(values);
    } else if (output == null) {
      units.texts().forEach((unit, text) -> screen.print("# " + unit + "\n" + text));
    } else {
      units.texts().keySet().forEach(unit -> screen.print("wrote " + output.resolve(unit)));
      screen.print("next:  systemctl daemon-reload && systemctl enable --now " + units.toEnable());
      screen.print("then:  rolehost status --state-dir " + units.stateDir());
    }
  }

  private static void write(Path folder, Map<String, String> texts) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, String> unit : texts.entrySet()) {
      Files.writeString(folder.resolve(unit.getKey()), unit.getValue());
    }
  }

  private Optional<String> checked(@Nullable String value, String option, Predicate<String> right) {
    if (value != null && !right.test(value)) {
      throw new ParameterException(spec.commandLine(), option + ": '" + value + "' can be none");
    }
    return Optional.ofNullable(value);
  }

  private Duration time(String option, String value) {
    try {
      return TimeSpan.parse(value)
          .orElseThrow(() -> new IllegalArgumentException("without limit is no limit"));
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), option + ": " + wrong.getMessage(), wrong);
    }
  }
}
