package io.rolehost.cli;

import io.rolehost.freeze.command.FreezeOff;
import io.rolehost.freeze.command.FreezeOn;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
    footer = "%n'rolehost VERB --help' tells more about one of them.",
    subcommands = {
      UpCommand.class,
      RunCommand.class,
      NewCommand.class,
      StatusCommand.class,
      ExplainCommand.class,
      LogsCommand.class,
      EventsCommand.class,
      RestartCommand.class,
      DeployCommand.class,
      RollbackCommand.class,
      ScaleCommand.class,
      SwapCommand.class,
      TaskCommand.class,
      SimulateCommand.class,
      StopCommand.class,
      DoctorCommand.class,
      SystemdCommand.class,
      CompletionCommand.class,
      VerifyJournalCommand.class,
      AnalyzeCommand.class,
      VersionCommand.class,
    })
public final class RoleHostCommand implements Runnable {

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
    CommandLine command = new CommandLine(new RoleHostCommand());
    command.addSubcommand("freeze", named("freeze", new FreezeOn(new NodeFleet())));
    command.addSubcommand("unfreeze", named("unfreeze", new FreezeOff(new NodeFleet())), "thaw");
    Failures failures = new Failures();
    return command
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
