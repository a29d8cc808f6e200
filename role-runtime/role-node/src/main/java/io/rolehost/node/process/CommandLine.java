package io.rolehost.node.process;

import io.rolehost.node.solution.Program;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The words a child is started with: pure. */
final class CommandLine {
  /**
   * What spares a start work: docs/benchmarks.md. A third of what would be compiled at it, for the
   * same speed once warm; and Netty's way to memory that needs no method handles, which it takes on
   * Java 25 only if told to, and of which the JVM says nothing only if told not to.
   */
  private static final List<String> QUICK_START =
      List.of(
          "-XX:CompileThresholdScaling=3",
          "-Dsun.misc.unsafe.memory.access=allow",
          "-Dio.netty.noUnsafe=false");

  private CommandLine() {}

  /**
   * Returns program and arguments.
   *
   * @param java the program that starts a JVM
   * @param given options of the node's, before those of the role, which win
   * @param aotCache a cache made from exactly this jar; a JVM uses any other without a word
   */
  static List<String> of(Program program, Path java, List<String> given, Optional<Path> aotCache) {
    return switch (program) {
      case Program.Command(List<String> words) -> words;
      case Program.Jar(Path file, List<String> jvmOptions, List<String> arguments) -> {
        List<String> words = new ArrayList<>();
        words.add(java.toString());
        words.addAll(QUICK_START); // the role's own options come behind it and win
        aotCache.ifPresent(cache -> words.add("-XX:AOTCache=" + cache));
        words.addAll(given);
        words.addAll(jvmOptions);
        words.add("-jar");
        words.add(file.toString());
        words.addAll(arguments);
        yield words;
      }
      case Program.ClassPath(
              List<Path> entries,
              String mainClass,
              List<String> jvmOptions,
              List<String> arguments) -> {
        List<String> words = new ArrayList<>();
        words.add(java.toString());
        words.addAll(given);
        words.addAll(jvmOptions);
        words.add("-cp");
        words.add(
            entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        words.add(mainClass);
        words.addAll(arguments);
        yield words;
      }
    };
  }
}
