package io.rolehost.cli;

import io.rolehost.freeze.command.Terminal;
import io.rolehost.node.control.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Help, which every verb has, and where a verb prints to. */
class Screen {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  /** Where nobody read options. */
  private final PrintWriter plain = new PrintWriter(System.out, false, System.out.charset());

  final PrintWriter out() {
    return spec == null ? plain : spec.commandLine().getOut();
  }

  final void print(String line) {
    out().println(line);
    out().flush();
  }

  /**
   * Prints rows of as many cells each, the first of them the head: on a terminal cut to its width,
   * and with colours for words that say how something is.
   */
  final void printTable(List<List<String>> cells) {
    printTable(StatusTable.aligned(cells, Terminal.width()), cells);
  }

  final void printTable(List<String> lines, List<List<String>> cells) {
    if (!Terminal.colours()) {
      lines.forEach(this::print);
      return;
    }
    print(Paint.BOLD.on(lines.getFirst()));
    for (int i = 1; i < lines.size(); i++) {
      print(painted(lines.get(i), cells.get(i)));
    }
  }

  /** Paints each cell that is such a word, where it stands in its line. */
  static String painted(String line, List<String> cells) {
    StringBuilder painted = new StringBuilder();
    int at = 0;
    for (String cell : cells) {
      int found = line.indexOf(cell, at);
      if (found < 0) {
        break; // the last one was cut
      }
      painted.append(line, at, found).append(Paint.of(cell).on(cell));
      at = found + cell.length();
    }
    return painted.append(line.substring(at)).toString();
  }

  /** Prints a line of which the first word says how something is. */
  final void printVerdict(String word, String line) {
    print(
        Terminal.colours() && line.startsWith(word)
            ? Paint.of(word).on(word) + line.substring(word.length())
            : line);
  }

  final void printJson(Map<String, ?> values) {
    print(Json.pretty(values).stripTrailing());
  }
}
