package io.rolehost.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code rolehost import}: makes a solution of what describes a service elsewhere. */
@Command(
    name = "import",
    description = "Makes a solution of what describes a service elsewhere.",
    synopsisSubcommandLabel = "FROM",
    commandListHeading = "%nFrom:%n",
    footer = "%n'rolehost import FROM --help' tells more about one of them.",
    subcommands = ImportAzureCommand.class)
final class ImportCommand implements Runnable {

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print the report as JSON.")
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
    throw new ParameterException(
        spec.commandLine(), "Say from where: rolehost import azure FILE.csdef FILE.cscfg");
  }
}
