package io.rolehost.freeze.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code freeze-switch}: the freeze by itself, with the runtime down. */
@Command(
    name = "freeze-switch",
    description = "Blocks starts and restarts of roles, and says who did and why.",
    subcommands = {FreezeOn.class, FreezeOff.class, FreezeStatus.class, FreezeWatch.class},
    exitCodeOnInvalidInput = FreezePlace.USAGE,
    mixinStandardHelpOptions = true)
public final class FreezeSwitchMain implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** For picocli. */
  public FreezeSwitchMain() {}

  /** Runs the command and exits: 0 done, 64 wrong command line, 75 could not be stored. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Returns the command, to be executed or mounted. */
  public static CommandLine commandLine() {
    return new CommandLine(new FreezeSwitchMain()).setExpandAtFiles(false);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say on, off, status or watch");
  }
}
