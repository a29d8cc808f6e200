package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command at a terminal, which {@code script} of util-linux makes. */
final class TerminalProcessTest {

  private static final String REWRITTEN = "\r\u001b[K";
  private static final String ESCAPE = "\u001b";

  @TempDir Path folder;

  @BeforeAll
  static void needsScript() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script is not installed here");
  }

  private String atTerminal(int columns, Map<String, String> variables, String words)
      throws Exception {
    String java =
        "stty cols %d && exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' io.rolehost.cli.Main %s"
            .formatted(
                columns,
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                words);
    Path starter = Files.writeString(folder.resolve("starter"), java);
    Path out = folder.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder("script", "-qec", "sh " + starter, "/dev/null")
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name ->
            name.startsWith("ROLEHOST_") || name.contains("COLOR") || name.equals("COLUMNS"));
    builder.environment().put("TERM", "xterm");
    builder.environment().putAll(variables);
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(90, TimeUnit.SECONDS), "it hangs");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return Files.readString(out, UTF_8);
  }

  @Test
  void stop_thatIsAwaitedAtATerminal_isOneLineThatIsWrittenAgain() throws Exception {
    Files.writeString(
        folder.resolve("solution.conf"),
        """
        rolehost { profile = azure }
        roles { slow { command = [sh, -c, "trap 'sleep 2; exit 0' TERM; while :; do sleep 0.1; done"] } }
        """);
    try (RunningNode node = RunningNode.start(folder)) {
      var _ = node.await(0, "slow_IN_0 ready");

      String colours = atTerminal(100, Map.of(), "status");
      assertTrue(colours.contains("\u001b[1mINSTANCE"), colours);
      assertTrue(colours.contains("\u001b[32mready\u001b[0m"), colours);
      String none = atTerminal(100, Map.of("NO_COLOR", "1"), "status");
      assertFalse(none.contains(ESCAPE), none);

      assertEquals(
          "restarting slow_IN_0",
          atTerminal(100, Map.of(), "restart slow --wait").lines().findFirst().orElse("").strip());
      String dumb = atTerminal(100, Map.of("TERM", "dumb"), "restart slow --wait --timeout 60s");
      assertFalse(dumb.contains(ESCAPE), dumb);
      assertTrue(dumb.contains("slow_IN_0 is renewed"), dumb);

      String stop = atTerminal(40, Map.of(), "stop --wait");
      assertTrue(stop.contains(REWRITTEN + "0 of 1 instances are gone; still t…  "), stop);
      assertEquals(
          "stopped", stop.substring(stop.lastIndexOf(REWRITTEN) + REWRITTEN.length()).strip());
      assertEquals(0, node.exitCode());
    }
  }
}
