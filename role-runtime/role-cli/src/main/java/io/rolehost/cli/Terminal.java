package io.rolehost.cli;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How wide the screen is that a person reads on. */
final class Terminal {
  /** What every terminal has. */
  private static final int USUAL = 80;

  private static final Pattern STTY_SIZE = Pattern.compile("\\d+ (\\d+)\\s*");

  private Terminal() {}

  /** Returns how many characters fit into a line; empty if the output goes elsewhere. */
  @SuppressWarnings("SystemConsoleNull") // it is null in 25 where there is no terminal
  static OptionalInt width() {
    Console console = System.console();
    return console != null && console.isTerminal()
        ? OptionalInt.of(width(System.getenv(), sttySize()))
        : OptionalInt.empty();
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
