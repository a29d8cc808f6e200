package io.rolehost.azure.importing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A Windows command line as words for a machine without one. Pure.
 *
 * @param words program and arguments
 * @param windowsOnly whether the program can't run elsewhere: it has to be written anew
 */
record CommandWords(List<String> words, boolean windowsOnly) {
  private static final Set<String> INTERPRETERS =
      Set.of("java", "node", "python", "python3", "dotnet", "php", "ruby", "perl");
  private static final Map<String, String> OTHER_NAMES = Map.of("javaw", "java", "py", "python3");
  private static final Set<String> OF_WINDOWS =
      Set.of("cmd", "powershell", "msiexec", "wscript", "cscript", "regedit", "reg", "netsh", "sc");
  private static final List<String> SCRIPTS =
      List.of(".cmd", ".bat", ".ps1", ".vbs", ".msi", ".exe", ".com", ".wsf");

  CommandWords {
    words = List.copyOf(words);
  }

  /**
   * Splits a command line.
   *
   * @param folder what the path of the program starts at; empty = the role's own folder
   */
  static CommandWords of(String line, String folder) {
    List<String> words = new ArrayList<>(split(line));
    if (words.isEmpty()) {
      return new CommandWords(words, false);
    }
    String program = words.getFirst().replace('\\', '/');
    boolean here = program.startsWith("./");
    while (program.startsWith("./")) {
      program = program.substring(2);
    }
    String lower = program.toLowerCase(Locale.ROOT);
    String bare = lower.endsWith(".exe") ? lower.substring(0, lower.length() - 4) : lower;
    bare = OTHER_NAMES.getOrDefault(bare, bare);
    boolean windowsOnly = false;
    if (!here && INTERPRETERS.contains(bare)) {
      program = bare;
    } else {
      windowsOnly =
          OF_WINDOWS.contains(bare)
              || SCRIPTS.stream().anyMatch(lower::endsWith)
              || program.contains("%")
              || program.contains(":");
      boolean onPath =
          !here
              && ((!program.contains("/") && !program.contains(".")) || OF_WINDOWS.contains(bare));
      if (!onPath && !program.startsWith("/") && !program.contains(":")) {
        program = "./" + (folder.isEmpty() ? "" : folder + "/") + program;
      }
    }
    words.set(0, program);
    return new CommandWords(words, windowsOnly);
  }

  /** Splits as a program of Windows does: quotes hold together, a backslash hides a quote. */
  private static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean begun = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        word.append('"');
        begun = true;
        i++;
      } else if (c == '"') {
        quoted = !quoted;
        begun = true;
      } else if (!quoted && Character.isWhitespace(c)) {
        if (begun) {
          words.add(word.toString());
        }
        word.setLength(0);
        begun = false;
      } else {
        word.append(c);
        begun = true;
      }
    }
    if (begun) {
      words.add(word.toString());
    }
    return !words.isEmpty() && words.getFirst().isBlank() ? List.of() : words;
  }

  /** Returns the words behind a shell that first sets variables to what an instance alone knows. */
  List<String> exporting(Map<String, String> expressions) {
    if (expressions.isEmpty()) {
      return words;
    }
    StringBuilder script = new StringBuilder("export");
    expressions.forEach(
        (name, value) -> script.append(' ').append(name).append("=\"").append(value).append('"'));
    script.append("; exec \"$@\"");
    List<String> all = new ArrayList<>(List.of("sh", "-c", script.toString(), "sh"));
    all.addAll(words);
    return all;
  }
}
