package io.rolehost.cli;

import io.rolehost.freeze.command.FreezeOff;
import io.rolehost.freeze.command.FreezeOn;
import io.rolehost.freeze.command.Terminal;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rolehost}: the verbs, and nothing besides. */
@Command(
    name = "rolehost",
    description = "Runs roles on this machine, shows how they are, and why.",
    versionProvider = RoleHostCommand.Version.class,
    synopsisSubcommandLabel = "VERB",
    commandListHeading = "%nVerbs:%n",
    footer = "%n'rolehost VERB --help' tells more about one of them.")
public final class RoleHostCommand implements Runnable {

  /** A verb by its name, and what makes it. */
  private record Verb(String name, Supplier<Object> command, List<String> aliases) {
    Verb(String name, Supplier<Object> command) {
      this(name, command, List.of());
    }

    boolean isCalled(String word) {
      return name.equals(word) || aliases.contains(word);
    }
  }

  /** In the order of the help. */
  private static final List<Verb> VERBS =
      List.of(
          new Verb("up", UpCommand::new),
          new Verb("run", RunCommand::new),
          new Verb("new", NewCommand::new),
          new Verb("status", StatusCommand::new),
          new Verb("explain", ExplainCommand::new),
          new Verb("logs", LogsCommand::new),
          new Verb("events", EventsCommand::new),
          new Verb("restart", RestartCommand::new),
          new Verb("deploy", DeployCommand::new),
          new Verb("rollback", RollbackCommand::new),
          new Verb("scale", ScaleCommand::new),
          new Verb("swap", SwapCommand::new),
          new Verb("task", TaskCommand::new),
          new Verb("jobs", JobsCommand::new),
          new Verb("simulate", SimulateCommand::new),
          new Verb("stop", StopCommand::new),
          new Verb("doctor", DoctorCommand::new),
          new Verb("systemd", SystemdCommand::new),
          new Verb("import", ImportCommand::new),
          new Verb("completion", CompletionCommand::new),
          new Verb("man", ManCommand::new),
          new Verb("verify-journal", VerifyJournalCommand::new),
          new Verb("analyze", AnalyzeCommand::new),
          new Verb("version", VersionCommand::new),
          new Verb("freeze", () -> new FreezeOn(new NodeFleet())),
          new Verb("unfreeze", () -> new FreezeOff(new NodeFleet()), List.of("thaw")));

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  /** For picocli. */
  public RoleHostCommand() {}

  /** Returns the whole command. It is for one execution, on the main thread. */
  public static CommandLine commandLine() {
    return with(VERBS);
  }

  /**
   * Returns the command with what these words need of it. To read the options of all verbs takes
   * several times as long as most of them need for their work.
   *
   * @param args as they will be executed
   */
  static CommandLine commandLineFor(String... args) {
    return with(
        VERBS.stream()
            .filter(verb -> args.length > 0 && verb.isCalled(args[0]) && !isAboutAll(verb))
            .findFirst()
            .map(List::of)
            .orElse(VERBS));
  }

  private static boolean isAboutAll(Verb verb) {
    return verb.name().equals("completion") || verb.name().equals("man");
  }

  private static CommandLine with(List<Verb> verbs) {
    CommandLine command = new CommandLine(new RoleHostCommand());
    for (Verb verb : verbs) {
      command.addSubcommand(
          verb.name(),
          named(verb.name(), verb.command().get()),
          verb.aliases().toArray(String[]::new));
    }
    Failures failures = new Failures();
    return command
        .setColorScheme(Help.defaultColorScheme(Terminal.colours() ? Help.Ansi.ON : Help.Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }

  private static CommandLine named(String name, Object verb) {
    CommandLine mounted = new CommandLine(verb);
    mounted.getCommandSpec().name(name);
    return mounted;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: a verb is missing");
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {

    static String text() {
      String version = RoleHostCommand.class.getPackage().getImplementationVersion();
      return version == null ? "0.1.0-SNAPSHOT" : version;
    }

    @Override
    public String[] getVersion() {
      return new String[] {"rolehost " + text() + ", Java " + Runtime.version()};
    }
  }
}
