package io.rolehost.freeze.command;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The screen that a person reads on: whether there is one, how wide it is, and what it can do. */
public final class Terminal {
  /** What every terminal has. */
  private static final int USUAL = 80;

  private static final Pattern STTY_SIZE = Pattern.compile("\\d+ (\\d+)\\s*");

  private Terminal() {}

  /** Returns how many characters fit into a line; empty if the output goes elsewhere. */
  public static OptionalInt width() {
    return isThere() ? OptionalInt.of(width(System.getenv(), sttySize())) : OptionalInt.empty();
  }

  /** Returns whether a line can be written again in its place. */
  public static boolean rewrites() {
    return rewrites(System.getenv(), isThere());
  }

  /** Returns whether output may have colours. */
  public static boolean colours() {
    return colours(System.getenv(), isThere());
  }

  @SuppressWarnings("SystemConsoleNull") // it is null in 25 where there is no terminal
  private static boolean isThere() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  static boolean rewrites(Map<String, String> environment, boolean terminal) {
    return terminal && !isDumb(environment);
  }

  /**
   * Decides as others do: NO_COLOR (no-color.org) before CLICOLOR_FORCE and CLICOLOR
   * (bixense.com/clicolors), and none on a terminal that has none.
   */
  static boolean colours(Map<String, String> environment, boolean terminal) {
    if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
      return false;
    }
    String forced = environment.getOrDefault("CLICOLOR_FORCE", "");
    if (!forced.isEmpty() && !forced.equals("0")) {
      return true;
    }
    return rewrites(environment, terminal) && !environment.getOrDefault("CLICOLOR", "").equals("0");
  }

  private static boolean isDumb(Map<String, String> environment) {
    return environment.getOrDefault("TERM", "").equals("dumb");
  }

  /** Returns what a variable says that the shell keeps, else the terminal itself. */
  static int width(Map<String, String> environment, String sttySize) {
    String columns = environment.getOrDefault("COLUMNS", "");
    Matcher size = STTY_SIZE.matcher(sttySize);
    String found = !columns.isEmpty() ? columns : size.matches() ? size.group(1) : "";
    try {
      int width = Integer.parseInt(found);
      return width > 0 ? width : USUAL;
    } catch (NumberFormatException unknown) {
      return USUAL;
    }
  }

  private static String sttySize() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException none) {
      return "";
    }
  }
}
