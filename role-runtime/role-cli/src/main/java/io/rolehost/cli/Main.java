package io.rolehost.cli;

/** The main class of the command {@code rolehost}. */
public final class Main {

  private Main() {}

  /** Runs one verb and exits with its code, in the sense of sysexits. */
  public static void main(String[] args) {
    System.exit(RoleHostCommand.commandLineFor(args).execute(args));
  }
}
