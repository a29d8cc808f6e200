package io.rolehost.node.solution;

import java.util.List;

/** A solution can't be run as it is written; the message lists all that is wrong. */
public final class SolutionProblems extends Exception {
  private static final long serialVersionUID = 1;

  private final List<String> problems;

  /** Creates the exception from one sentence for each problem. */
  public SolutionProblems(String what, List<String> problems) {
    super(what + ":\n  - " + String.join("\n  - ", problems));
    this.problems = List.copyOf(problems);
  }

  /** Returns the problems, one sentence each. */
  public List<String> problems() {
    return problems;
  }
}
