package io.rolehost.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code rolehost jobs}: background work, looked at and acted on. */
@Command(
    name = "jobs",
    description = {
      "Shows queues, dead letters, schedules and jobs of the roles that run, and acts on them.",
      "Any instance that does background work is asked; the broker and the ledger are the same for"
          + " all that share a directory."
    },
    synopsisSubcommandLabel = "VERB",
    commandListHeading = "%nVerbs:%n",
    footer = "%n'rolehost jobs VERB --help' tells more about one of them.",
    subcommands = {
      JobsQueues.class,
      JobsDead.class,
      JobsRedrive.class,
      JobsDelete.class,
      JobsPause.class,
      JobsResume.class,
      JobsSchedules.class,
      JobsRun.class,
      JobsList.class,
      JobsShow.class,
      JobsCancel.class
    })
final class JobsCommand implements Runnable {

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Spec private CommandSpec spec = CommandSpec.create();

  boolean json() {
    return json;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: a verb is missing");
  }
}
