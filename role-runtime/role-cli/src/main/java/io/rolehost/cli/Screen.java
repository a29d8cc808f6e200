package io.rolehost.cli;

import io.rolehost.node.control.Json;
import java.io.PrintWriter;
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

  final void printJson(Map<String, ?> values) {
    print(Json.pretty(values).stripTrailing());
  }
}
