package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a whole node tells systemd, by a socket that records it. */
@EnabledOnOs(OS.LINUX)
final class NodeUnderSystemdProcessTest {

  @TempDir private static Path jars = Path.of("");
  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void makeJars() throws IOException {
    FakeJars.write(jars, "web.jar");
  }

  private RunningNode up(NotifySocket systemd, String solution) throws IOException {
    Files.writeString(folder.resolve("solution.conf"), solution.formatted(jars));
    return RunningNode.start(
        folder, Map.of("NOTIFY_SOCKET", systemd.address(), "WATCHDOG_USEC", "1000000"));
  }

  @Test
  void wholeLife_isToldInItsOrder() throws Exception {
    try (NotifySocket systemd = new NotifySocket(folder);
        RunningNode node =
            up(
                systemd,
                """
                roles {
                  web { jar = "%s/web.jar", instances = 2 }
                  broken { command = [/bin/sh, -c, "exit 1"] }
                }
                """)) {
      systemd.await("READY=1\nSTATUS=3 instances: ");
      systemd.await("WATCHDOG=1");
      var _ = node.await(0, "web_IN_0 ready");
      var _ = node.await(0, "web_IN_1 ready");
      assertFalse(systemd.heard().contains("STOPPING"), systemd.heard());

      node.terminate();

      assertEquals(0, node.exitCode());
      systemd.await("STOPPING=1\nSTATUS=SIGTERM\nEXTEND_TIMEOUT_USEC=");
      String heard = systemd.heard();
      assertEquals(heard.indexOf("READY=1"), heard.lastIndexOf("READY=1"), heard);
      assertEquals(heard.indexOf("STOPPING=1"), heard.lastIndexOf("STOPPING=1"), heard);
      assertTrue(heard.indexOf("READY=1") < heard.indexOf("STOPPING=1"), heard);
      // It is said before the first child is told to end, so the first end is heard after it.
      assertTrue(heard.indexOf("STOPPING=1") < heard.indexOf(" stopping"), heard);
      assertTrue(heard.contains("not ready") || heard.contains("stopping"), heard);
    }
  }

  /** RestartPreventExitStatus=78 leaves it alone, and systemd has heard that it is going to end. */
  @Test
  void nodeWhoseOnlyInstanceIsGivenUp_saysSoAndEndsWithItsCode() throws Exception {
    try (NotifySocket systemd = new NotifySocket(folder);
        RunningNode node =
            up(
                systemd,
                """
                roles {
                  web { jar = "%s/web.jar", env { FAKE_EXIT = "78" } }
                }
                """)) {
      assertEquals(78, node.exitCode());
      systemd.await("STOPPING=1\nSTATUS=nothing is left to run, exit 78");
    }
  }
}
