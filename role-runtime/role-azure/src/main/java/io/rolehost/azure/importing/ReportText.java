package io.rolehost.azure.importing;

import io.rolehost.azure.importing.ImportReport.Input;
import io.rolehost.azure.importing.ImportReport.Item;
import java.util.List;

/** The report for people, in Markdown: pure. */
final class ReportText {
  private final StringBuilder out = new StringBuilder();

  private ReportText() {}

  static String of(ImportReport report) {
    ReportText text = new ReportText();
    text.write(report);
    return text.out.toString();
  }

  private void write(ImportReport report) {
    line("# What became of the service " + report.service());
    line("");
    line("| file | is | comments |");
    line("|---|---|---|");
    for (Input input : report.inputs()) {
      line(
          "| "
              + cell(input.file())
              + " | "
              + (input.environment().isEmpty()
                  ? "the definition"
                  : "the configuration of "
                      + input.environment()
                      + ": `rolehost up "
                      + input.solution()
                      + "`")
              + " | "
              + (input.comments() == 0 ? "none" : input.comments() + ", not carried over")
              + " |");
    }
    line("");
    line(
        report.mapped().size()
            + " elements and attributes are mapped, "
            + report.different().size()
            + " are mapped with a difference, "
            + report.notMapped().size()
            + " are not mapped. Each is in one of the three lists below.");
    part("To read first", report.notices().stream().map(Object::toString).toList());
    part("Secrets: in files that their owner alone can read", report.secrets());
    part("Network: for whoever sets up load balancer and firewall", report.network());
    part("Certificates: to be brought by hand", report.certificates());
    part("Machines: what the roles had", report.machines());
    line("");
    line("## Not mapped");
    table("what to do instead", report.notMapped());
    line("");
    line("## Mapped with a difference");
    table("what differs", report.different());
    line("");
    line("## Mapped");
    table("", report.mapped());
  }

  private void part(String title, List<String> sentences) {
    if (sentences.isEmpty()) {
      return;
    }
    line("");
    line("## " + title);
    sentences.forEach(sentence -> line("- " + cell(sentence)));
  }

  private void table(String last, List<Item> items) {
    if (items.isEmpty()) {
      line("Nothing.");
      return;
    }
    line("");
    boolean to = !(items.getFirst().outcome() instanceof Outcome.NotMapped);
    line("| where | what |" + (to ? " went to |" : "") + (last.isEmpty() ? "" : " " + last + " |"));
    line("|---|---|" + (to ? "---|" : "") + (last.isEmpty() ? "" : "---|"));
    for (Item item : items) {
      String begin =
          "| "
              + cell(item.place().file() + ":" + item.place().line())
              + " | `"
              + cell(item.path())
              + "`"
              + (item.name().isEmpty() ? "" : " of " + cell(item.name()))
              + " | ";
      line(
          switch (item.outcome()) {
            case Outcome.Mapped(String where) -> begin + cell(where) + " |";
            case Outcome.Different(String where, String why) ->
                begin + cell(where) + " | " + cell(why) + " |";
            case Outcome.NotMapped(String instead) -> begin + cell(instead) + " |";
          });
    }
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  /** A text of the input can't end a cell or a line. */
  private static String cell(String text) {
    String one = text.replace("|", "\\|").replace('\n', ' ').replace('\r', ' ').replace('`', '\'');
    return one.length() > 600 ? one.substring(0, 600) + "…" : one;
  }
}
