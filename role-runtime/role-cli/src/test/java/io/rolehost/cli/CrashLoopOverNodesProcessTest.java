package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A crash loop goes on when its node is killed, and so does the count. */
final class CrashLoopOverNodesProcessTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void endsBeforeTheNodeWasKilled_countForTheNext() throws Exception {
    solution(3, "failing { command = [sh, -c, \"exit 7\"] }");
    try (RunningNode first = RunningNode.start(folder)) {
      var _ = first.await(0, "failing_IN_0 ended with 7 .* failure 2 in a row");
      killed(first);
    }
    try (RunningNode second = RunningNode.start(folder)) {
      var _ = second.await(0, "failing_IN_0 ended with 7 .* failure 1 in a row");
      var _ =
          second.await(
              0,
              "failing_IN_0 frozen, not started: crash loop .* 3 times in a row; the last: exit"
                  + " code 7 by rolehost");
      assertEquals("frozen", second.instance("failing_IN_0").get("word"));
      killed(second);
    }
    try (RunningNode third = RunningNode.start(folder)) {
      var _ = third.await(0, "failing_IN_0 frozen, not started: crash loop");
      assertEquals("frozen", third.instance("failing_IN_0").get("word"));

      // Who ends it gets the whole count again.
      int mark = third.mark();
      assertEquals(0, third.verb("unfreeze", "instance:failing_IN_0").code());
      var _ = third.await(mark, "failing_IN_0 ended with 7 .* failure 2 in a row");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX) // the guard needs /proc
  void childrenThatAreKilledWithTheirNode_areFrozenByTheNext() throws Exception {
    solution(2, "steady { command = [sleep, \"600\"] }");
    for (int i = 0; i < 2; i++) {
      try (RunningNode node = RunningNode.start(folder)) {
        ProcessHandle child = awaitChild(node);
        killed(node);
        var _ = child.onExit().get(30, TimeUnit.SECONDS);
      }
    }
    try (RunningNode held = RunningNode.start(folder)) {
      var _ = held.await(0, "steady_IN_0 frozen, not started: crash loop \\(killed\\)");
    }
  }

  @Test
  void childrenOfANodeThatStopsInOrder_areNotCounted() throws Exception {
    solution(2, "steady { command = [sleep, \"600\"] }");
    for (int i = 0; i < 3; i++) {
      try (RunningNode node = RunningNode.start(folder)) {
        var _ = awaitChild(node);
        node.terminate();
        assertEquals(0, node.exitCode());
      }
    }
  }

  @Test
  void anotherConfigurationOrJar_endsTheFreezeAtOnce() throws Exception {
    FakeJars.write(folder, "good.jar");
    Path jar = folder.resolve("web.jar");
    Files.writeString(jar, "no jar");
    solution(2, "web { jar = web.jar }");
    try (RunningNode node = RunningNode.start(folder)) {
      var _ = node.await(0, "web_IN_0 frozen, not started: crash loop \\(cycling\\)");

      int configured = node.mark();
      Files.writeString(folder.resolve("application.conf"), "mine = 1");
      var _ = node.await(configured, "web_IN_0 unfrozen");
      // It has the whole count again.
      var _ = node.await(configured, "web_IN_0 ended with 1 .* in a row");
      var _ =
          node.await(configured, "web_IN_0 frozen, not started: crash loop .* 2 times in a row");

      int built = node.mark();
      var _ = Files.move(folder.resolve("good.jar"), jar, StandardCopyOption.REPLACE_EXISTING);
      var _ = node.await(built, "web_IN_0 unfrozen");
      var _ = node.await(built, "web_IN_0 ready");
      assertTrue(
          Files.readString(folder.resolve(".rolehost/freeze.conf")).contains("build = "),
          "the entry names what was counted");
    }
  }

  @Test
  void theSameFailureOfARoleHost_isFrozenAfterThree() throws Exception {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> '"' + Path.of(entry).toAbsolutePath().toString() + '"')
            .collect(Collectors.joining(", "));
    solution(
        9,
        """
        web {
          class-path = [%s]
          jvm-options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "-Drolehost.role.class=io.rolehost.cli.Injured"]
          env { HARM = throw }
          back-off { initial = 20ms, cap = 20ms }
        }
        """
            .formatted(classPath));
    try (RunningNode node = RunningNode.start(folder)) {
      // Whether it ever was ready the node may not have seen.
      var _ =
          node.await(
              0,
              "web_IN_0 frozen, not started: crash loop .* 3 times in a row by the"
                  + " same failure \\([0-9a-f]{12}\\); the last: exit code 70");
      assertEquals(3, node.instance("web_IN_0").get("incarnation"));
    }
  }

  private static ProcessHandle awaitChild(RunningNode node) throws Exception {
    var _ = node.await(0, "steady_IN_0 ready");
    return node.child("steady_IN_0");
  }

  private static void killed(RunningNode node) throws InterruptedException {
    node.kill();
    assertEquals(137, node.exitCode());
  }

  private void solution(int ends, String role) throws IOException {
    Files.writeString(
        folder.resolve("solution.conf"),
        """
        roles { %s }
        rolehost { profile = azure, freeze.auto { ends = %d, for = 1h } }
        """
            .formatted(role, ends));
  }
}
