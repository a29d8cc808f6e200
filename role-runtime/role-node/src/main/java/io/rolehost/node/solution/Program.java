package io.rolehost.node.solution;

import java.nio.file.Path;
import java.util.List;

/** What is started. */
public sealed interface Program {

  /** The class that runs a role; what a class path is started with unless it names another. */
  String ROLE_HOST = "io.rolehost.runtime.RoleHost";

  /**
   * A jar with a main class.
   *
   * @param jvmOptions given to {@code java} before {@code -jar}
   * @param arguments given to the program
   */
  record Jar(Path file, List<String> jvmOptions, List<String> arguments) implements Program {
    /** Takes copies of the lists. */
    public Jar {
      jvmOptions = List.copyOf(jvmOptions);
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * Jars and folders of classes.
   *
   * @param entries as they were written, from the solution's folder; {@code folder/*} stands for
   *     all jars in a folder
   * @param jvmOptions given to {@code java} before the main class
   * @param arguments given to the program
   */
  record ClassPath(
      List<Path> entries, String mainClass, List<String> jvmOptions, List<String> arguments)
      implements Program {
    /** Takes copies of the lists. */
    public ClassPath {
      entries = List.copyOf(entries);
      jvmOptions = List.copyOf(jvmOptions);
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * Any other program. It is started again whatever its exit code.
   *
   * @param words program and arguments; never given to a shell
   */
  record Command(List<String> words) implements Program {
    /** Takes a copy of the list. */
    public Command {
      words = List.copyOf(words);
    }
  }

  /** Returns what a JVM is started with, but for the program itself; none of a command. */
  default List<String> jvmOptions() {
    return switch (this) {
      case Jar jar -> jar.jvmOptions;
      case ClassPath path -> path.jvmOptions;
      case Command _ -> List.of();
    };
  }
}
