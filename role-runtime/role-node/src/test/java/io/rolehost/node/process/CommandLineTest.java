package io.rolehost.node.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.node.solution.Solution.Program;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandLineTest {

  private static final Path JAVA = Path.of("/jdk/bin/java");
  private static final Program JAR =
      new Program.Jar(Path.of("/web.jar"), List.of("-Xmx64m"), List.of("now"));

  @Test
  void jar_withCache_getsTheLaunchersOptionsBeforeTheUsers() {
    assertEquals(
        List.of(
            "/jdk/bin/java",
            "-XX:AOTCache=/web.aot",
            "-XX:CompileThresholdScaling=5",
            "-Xmx64m",
            "-jar",
            "/web.jar",
            "now"),
        CommandLine.of(JAR, JAVA, Optional.of(Path.of("/web.aot")), Map.of()));
  }

  @Test
  void jar_withTheOptionInAVariable_isLeftToIt() {
    assertEquals(
        List.of("/jdk/bin/java", "-Xmx64m", "-jar", "/web.jar", "now"),
        CommandLine.of(
            JAR,
            JAVA,
            Optional.empty(),
            Map.of("JAVA_TOOL_OPTIONS", "-Xss1m -XX:CompileThresholdScaling=1")));
  }

  @Test
  void command_any_isStartedAsItIsWritten() {
    assertEquals(
        List.of("bin/serve", "-v"),
        CommandLine.of(
            new Program.Command(List.of("bin/serve", "-v")), JAVA, Optional.empty(), Map.of()));
  }
}
