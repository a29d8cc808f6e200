package io.rolehost.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolehost completion bash|zsh}. */
@Command(
    name = "completion",
    description = {
      "Prints what a shell needs to complete verbs and options:",
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
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    screen.print(AutoComplete.bash("rolehost", root).stripTrailing());
    return 0;
  }
}
