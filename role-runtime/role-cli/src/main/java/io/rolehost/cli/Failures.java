package io.rolehost.cli;

import io.rolehost.node.solution.SolutionProblems;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what went wrong in one sentence, and chooses the exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  static final int USAGE = 64;
  static final int FAILED = 70;
  static final int TRY_AGAIN = 75;
  static final int CONFIGURATION = 78;

  @Override
  public int handleParseException(ParameterException problem, String[] args) {
    CommandLine command = problem.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(sentence(problem));
    err.println(
        "Usage: "
            + command.getHelp().synopsis(0).strip()
            + "\n'"
            + command.getCommandSpec().qualifiedName()
            + " --help' tells more.");
    err.flush();
    return USAGE;
  }

  private static String sentence(ParameterException problem) {
    String message = String.valueOf(problem.getMessage());
    if (problem instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().getFirst();
      String command = problem.getCommandLine().getCommandSpec().qualifiedName();
      boolean verbs = !problem.getCommandLine().getSubcommands().isEmpty();
      String known =
          String.join(
              ", ", unmatched.getSuggestions().stream().map(name -> "'" + name + "'").toList());
      return (verbs && !word.startsWith("-")
              ? "'" + command + "' has no verb '" + word + "'"
              : "'" + command + "' does not take '" + word + "'")
          + (known.isEmpty() ? "" : "; did you mean " + known + "?");
    }
    return message.lines().findFirst().orElse(message);
  }

  @Override
  public int handleExecutionException(Exception problem, CommandLine command, ParseResult parsed)
      throws Exception {
    PrintWriter err = command.getErr();
    int code =
        switch (problem) {
          case SolutionProblems _ -> CONFIGURATION;
          case Refused refused -> refused.code();
          case IOException _ -> TRY_AGAIN;
          default -> throw problem; // a bug: its stack trace is wanted
        };
    err.println(
        problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage());
    err.flush();
    return code;
  }
}
