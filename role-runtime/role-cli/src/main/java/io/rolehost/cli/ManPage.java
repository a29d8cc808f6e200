package io.rolehost.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Pages of the manual, in the language of man(7), made of what picocli knows of the verbs: one for
 * the command and one for each verb and each verb below it. Pure.
 */
final class ManPage {

  private static final int ASCII = 0x7f;
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private final StringBuilder text = new StringBuilder();

  private ManPage() {}

  /** Returns each page by its name without the section: {@code rolehost-jobs-dead}. */
  static Map<String, String> all(CommandLine root, String version) {
    Map<String, String> pages = new LinkedHashMap<>();
    add(pages, root, List.of("rolehost"), version);
    return pages;
  }

  private static void add(
      Map<String, String> pages, CommandLine command, List<String> names, String version) {
    pages.put(String.join("-", names), new ManPage().page(command, names, version));
    subcommands(command)
        .forEach((name, sub) -> {
          List<String> longer = new ArrayList<>(names);
          longer.add(name);
          add(pages, sub, longer, version);
        });
  }

  /** Returns those below a command by their own names, each once. */
  private static Map<String, CommandLine> subcommands(CommandLine command) {
    Map<String, CommandLine> all = new LinkedHashMap<>();
    command
        .getSubcommands()
        .forEach((name, sub) -> {
          if (!all.containsValue(sub) && !sub.getCommandSpec().usageMessage().hidden()) {
            all.put(name, sub);
          }
        });
    return all;
  }

  private String page(CommandLine command, List<String> names, String version) {
    CommandSpec spec = command.getCommandSpec();
    List<String> description = sentences(spec.usageMessage().description());
    line(
        ".TH "
            + quoted(String.join("-", names).toUpperCase(Locale.ROOT))
            + " 1 \"\" "
            + quoted("Rolehost " + version)
            + " "
            + quoted("Rolehost"));
    line(".SH NAME");
    line(escaped(String.join("-", names)) + " \\- " + escaped(summary(description)));
    line(".SH SYNOPSIS");
    line(escaped(synopsis(command)));
    line(".SH DESCRIPTION");
    paragraphs(description);
    Map<String, CommandLine> below = subcommands(command);
    if (!below.isEmpty()) {
      line(".SH VERBS");
      below.forEach((name, sub) ->
          item(
              bold(name) + aliases(sub),
              List.of(summary(sentences(sub.getCommandSpec().usageMessage().description())))));
    }
    arguments(spec);
    options(spec);
    line(".SH EXIT STATUS");
    item("0", List.of("Done."));
    item("64", List.of("The command line is wrong, or a name in it does not exist."));
    item("70", List.of("What was asked for failed, or a bug."));
    item("75", List.of("Not now: nothing runs there, or it is not done in time."));
    item("78", List.of("A configuration is wrong; all problems are in one message."));
    seeAlso(names, below);
    return text.toString();
  }

  private void arguments(CommandSpec spec) {
    List<PositionalParamSpec> parameters =
        spec.positionalParameters().stream().filter(one -> !one.hidden()).toList();
    if (!parameters.isEmpty()) {
      line(".SH ARGUMENTS");
      parameters.forEach(one -> item(italic(one.paramLabel()), sentences(one.description())));
    }
  }

  private void options(CommandSpec spec) {
    List<OptionSpec> options = spec.options().stream().filter(one -> !one.hidden()).toList();
    if (!options.isEmpty()) {
      line(".SH OPTIONS");
      options.forEach(one -> item(names(one), sentences(one.description())));
    }
  }

  private static String names(OptionSpec option) {
    String value = takesValue(option) ? "=" + italic(option.paramLabel()) : "";
    return String.join(", ", Arrays.stream(option.names()).map(ManPage::bold).toList()) + value;
  }

  static boolean takesValue(ArgSpec option) {
    return option.arity().max() > 0;
  }

  private void seeAlso(List<String> names, Map<String, CommandLine> below) {
    List<String> others = new ArrayList<>();
    if (names.size() > 1) {
      others.add(String.join("-", names.subList(0, names.size() - 1)));
    }
    below.keySet().forEach(name -> others.add(String.join("-", names) + "-" + name));
    if (!others.isEmpty()) {
      line(".SH SEE ALSO");
      line(String.join(",\n", others.stream().map(other -> bold(other) + "(1)").toList()));
    }
  }

  private static String aliases(CommandLine command) {
    String[] aliases = command.getCommandSpec().aliases();
    return aliases.length == 0
        ? ""
        : ", " + String.join(", ", Arrays.stream(aliases).map(ManPage::bold).toList());
  }

  private static String synopsis(CommandLine command) {
    Help help = command.getHelp();
    return BLANKS.matcher(help.synopsis(0)).replaceAll(" ").strip();
  }

  /** Returns the first sentence without its full stop. */
  private static String summary(List<String> sentences) {
    String first = sentences.isEmpty() ? "" : sentences.getFirst();
    int stop = first.indexOf(". ");
    String one = stop < 0 ? first : first.substring(0, stop);
    one = one.replaceAll("[.:]$", "");
    return one;
  }

  private static List<String> sentences(String[] description) {
    List<String> lines = new ArrayList<>();
    for (String one : description) {
      // As picocli prints it: %n is a new line, %% a per cent, @|bold …|@ a style.
      String plain = Help.Ansi.OFF.string(String.format(one));
      plain.lines().map(String::stripTrailing).filter(line -> !line.isEmpty()).forEach(lines::add);
    }
    return lines;
  }

  /** A line that is indented is an example, and stays as it is. */
  private void paragraphs(List<String> sentences) {
    boolean first = true;
    for (String sentence : sentences) {
      if (sentence.startsWith("  ")) {
        line(".PP");
        line(".RS 4");
        line(".nf");
        line(escaped(sentence.strip()));
        line(".fi");
        line(".RE");
      } else {
        if (!first) {
          line(".PP");
        }
        line(escaped(sentence));
      }
      first = false;
    }
  }

  private void item(String term, List<String> sentences) {
    line(".TP");
    line(term);
    line(
        sentences.isEmpty()
            ? "\\ "
            : String.join("\n", sentences.stream().map(one -> escaped(one.strip())).toList()));
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private static String bold(String word) {
    return "\\fB" + escaped(word) + "\\fR";
  }

  private static String italic(String word) {
    return "\\fI" + escaped(word) + "\\fR";
  }

  private static String quoted(String word) {
    return '"' + escaped(word).replace("\"", "\\(dq") + '"';
  }

  /** Nothing in it is a request or an escape, and all of it is ASCII. */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '\\' -> escaped.append("\\e");
            case '-' -> escaped.append("\\-");
            case '\'' -> escaped.append("\\(aq");
            case '`' -> escaped.append("\\(ga");
            case '^' -> escaped.append("\\(ha");
            case '~' -> escaped.append("\\(ti");
            default -> {
              if (c > ASCII) {
                escaped.append(String.format(Locale.ROOT, "\\[u%04X]", c));
              } else {
                escaped.appendCodePoint(c);
              }
            }
          }
        });
    return escaped.indexOf(".") == 0 ? "\\&" + escaped : escaped.toString();
  }
}
