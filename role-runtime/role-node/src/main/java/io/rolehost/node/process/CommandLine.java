package io.rolehost.node.process;

import io.rolehost.node.solution.Solution.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The words a child is started with: pure. */
final class CommandLine {

  /**
   * Compiles a method after five times as many calls as the JVM would by itself. Most of what a
   * start calls it hardly calls again, and compiling that takes more CPU time than running it; what
   * a server really calls often is past the higher mark in a moment. See docs/benchmarks.md.
   */
  private static final String COMPILE_LATER = "-XX:CompileThresholdScaling=";

  private static final List<String> OPTION_VARIABLES =
      List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS");

  private CommandLine() {}

  /**
   * Returns program and arguments. Options of the user's win over ours.
   *
   * @param java the program that starts a JVM
   * @param aotCache a cache made from exactly this jar; a JVM uses any other without a word
   * @param environment of the child
   */
  static List<String> of(
      Program program, Path java, Optional<Path> aotCache, Map<String, String> environment) {
    return switch (program) {
      case Program.Command(List<String> words) -> words;
      case Program.Jar(Path file, List<String> jvmOptions, List<String> arguments) -> {
        List<String> words = new ArrayList<>();
        words.add(java.toString());
        aotCache.ifPresent(cache -> words.add("-XX:AOTCache=" + cache));
        // What stands here is stronger than a variable.
        if (OPTION_VARIABLES.stream()
            .noneMatch(name -> environment.getOrDefault(name, "").contains(COMPILE_LATER))) {
          words.add(COMPILE_LATER + 5);
        }
        words.addAll(jvmOptions); // behind ours: the last one counts
        words.add("-jar");
        words.add(file.toString());
        words.addAll(arguments);
        yield words;
      }
    };
  }
}
