package io.rolehost.runtime.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A configuration that can't be used: everything that is wrong with it at once. */
public final class ConfigProblems extends Exception {

  private static final long serialVersionUID = 1L;

  /** Serializable: exceptions are. */
  private final String[] problems;

  private final String terminationMessage;

  /**
   * @param terminationMessage the file that is to say so at the end of the process
   */
  ConfigProblems(List<String> problems, Optional<Path> terminationMessage) {
    super(String.join("\n", problems), null, false, false);
    this.problems = problems.toArray(String[]::new);
    this.terminationMessage = terminationMessage.map(Path::toString).orElse("");
  }

  /**
   * Returns one sentence for each problem: origin (file and line, variable or property), key, what
   * was found, what was expected. Never empty; {@code getMessage} has them one a line.
   */
  public List<String> problems() {
    return List.of(problems);
  }

  /** Returns the file that is to say so at the end of the process; empty = none. */
  public Optional<Path> terminationMessage() {
    return terminationMessage.isEmpty()
        ? Optional.empty()
        : Optional.of(Path.of(terminationMessage));
  }
}
