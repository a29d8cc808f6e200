package io.rolehost.runtime.config;

import java.util.List;

/** A configuration that can't be used: everything that is wrong with it at once. */
public final class ConfigProblems extends Exception {

  private static final long serialVersionUID = 1L;

  /** Serializable: exceptions are. */
  private final String[] problems;

  ConfigProblems(List<String> problems) {
    super(String.join("\n", problems), null, false, false);
    this.problems = problems.toArray(String[]::new);
  }

  /**
   * Returns one sentence for each problem: origin (file and line, variable or property), key, what
   * was found, what was expected. Never empty; {@code getMessage} has them one a line.
   */
  public List<String> problems() {
    return List.of(problems);
  }
}
