package io.rolehost.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Collects tables and ratios; writes them as Markdown and as JSON. */
final class Report {

  /**
   * One ratio and what it is held to.
   *
   * @param limit what it must not pass
   * @param atLeast true if {@code limit} is the least it may be
   */
  record Ratio(String what, double value, double limit, boolean atLeast) {
    boolean holds() {
      return atLeast ? value >= limit : value <= limit;
    }
  }

  private final StringBuilder markdown = new StringBuilder();
  private final List<String> figures = new ArrayList<>();
  private final List<Ratio> ratios = new ArrayList<>();

  /** Begins a table. */
  void table(String title, String... columns) {
    markdown.append("\n### ").append(title).append("\n\n|");
    for (String column : columns) {
      markdown.append(' ').append(column).append(" |");
    }
    markdown.append("\n|---|").append("---:|".repeat(columns.length - 1)).append('\n');
  }

  /** Adds a row of the table. */
  void row(String name, double... values) {
    markdown.append("| ").append(name).append(" |");
    for (double value : values) {
      markdown.append(' ').append(number(value)).append(" |");
    }
    markdown.append('\n');
  }

  /** Adds a sentence, for what can't be a row. */
  void note(String sentence) {
    markdown.append('\n').append(sentence).append('\n');
  }

  /** Adds a figure to the JSON. */
  void figure(String benchmark, String program, String unit, double value) {
    figures.add(
        String.format(
            Locale.ROOT,
            "{\"benchmark\": \"%s\", \"program\": \"%s\", \"unit\": \"%s\", \"value\": %.3f}",
            benchmark,
            program,
            unit,
            value));
  }

  void ratio(String what, double value, double limit, boolean atLeast) {
    ratios.add(new Ratio(what, value, limit, atLeast));
  }

  /** Writes both forms of what there is so far, and returns the Markdown. */
  String write(Path directory) throws IOException {
    var markdown = new StringBuilder(this.markdown);
    if (!ratios.isEmpty()) {
      markdown.append("\n### Ratios\n\n| ratio | measured | must be | |\n|---|---:|---:|---|\n");
      for (Ratio ratio : ratios) {
        markdown.append(
            String.format(
                Locale.ROOT,
                "| %s | %.2f | %s %.2f | %s |%n",
                ratio.what(),
                ratio.value(),
                ratio.atLeast() ? "≥" : "≤",
                ratio.limit(),
                ratio.holds() ? "holds" : "**missed**"));
      }
    }
    var json = new StringBuilder("{\"figures\": [\n  ");
    json.append(String.join(",\n  ", figures)).append("\n], \"ratios\": [\n  ");
    json.append(
        String.join(
            ",\n  ",
            ratios.stream()
                .map(r ->
                    String.format(
                        Locale.ROOT,
                        "{\"ratio\": \"%s\", \"value\": %.3f, \"limit\": %.3f, \"holds\": %b}",
                        r.what(),
                        r.value(),
                        r.limit(),
                        r.holds()))
                .toList()));
    json.append("\n]}\n");
    Files.writeString(directory.resolve("results.json"), json);
    Files.writeString(directory.resolve("results.md"), markdown);
    return markdown.toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
  }
}
