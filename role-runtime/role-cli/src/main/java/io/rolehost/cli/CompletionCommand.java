package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolehost completion bash|zsh}. */
@Command(
    name = "completion",
    description = {
      "Prints what a shell needs to complete verbs, options, and the names of instances and roles:",
      "  source <(rolehost completion bash)"
    })
final class CompletionCommand implements Callable<Integer> {

  /** Those that the script is for: it tells by itself which of them reads it. */
  enum Shell {
    BASH,
    ZSH
  }

  @SuppressWarnings("UnusedVariable") // one script is right for both; another word is refused
  @Parameters(index = "0", paramLabel = "bash|zsh", description = "The shell.")
  private Shell shell = Shell.BASH;

  @Mixin private Screen screen = new Screen();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    CommandLine root = spec.root().commandLine();
    screen.print(AutoComplete.bash("rolehost", root).stripTrailing());
    screen.print(names().replace("@OPTIONS@", String.join(" | ", withValue(root))).stripTrailing());
    return 0;
  }

  private static String names() throws IOException {
    try (InputStream script = CompletionCommand.class.getResourceAsStream("completion-names.sh")) {
      if (script == null) {
        throw new IllegalStateException("completion-names.sh is not in the jar");
      }
      return new String(script.readAllBytes(), UTF_8);
    }
  }

  /** Returns the options that take a value: the word behind such a one is no name of a role. */
  private static Set<String> withValue(CommandLine command) {
    Set<String> names = new TreeSet<>();
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (ManPage.takesValue(option) && !option.longestName().equals("--state-dir")) {
        names.addAll(List.of(option.names()));
      }
    }
    command.getSubcommands().values().forEach(sub -> names.addAll(withValue(sub)));
    return names;
  }
}
