package io.rolehost.cli;

import java.util.OptionalInt;

/** The main class of the command {@code rolehost}. */
public final class Main {

  private Main() {}

  /** Runs one verb and exits with its code, in the sense of sysexits. */
  public static void main(String[] args) {
    OptionalInt quick = QuickStatus.run(args);
    System.exit(
        quick.isPresent() ? quick.getAsInt() : RoleHostCommand.commandLineFor(args).execute(args));
  }
}
