package io.rolehost.runtime.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The JDK can't receive such datagrams either, so socat does where it is installed. */
@EnabledOnOs(OS.LINUX)
final class SystemdNotifyProcessTest {

  private static final String MESSAGE = "READY=1\nSTATUS=up";

  @TempDir Path dir;

  private static Process receiver(String kind, String address) throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/socat")), "socat is not installed here");
    return new ProcessBuilder("/usr/bin/socat", "-u", kind + ":" + address, "-")
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void assertArrives(Process receiver, String notifySocket) throws Exception {
    try {
      SystemdNotify systemd = SystemdNotify.of(Map.of("NOTIFY_SOCKET", notifySocket));
      assertTrue(systemd.active());
      // Until the receiver has bound its address nobody listens.
      Optional<String> problem = systemd.send(MESSAGE);
      while (receiver.isAlive() && problem.isPresent()) {
        assertTrue(problem.get().contains("sendto failed with errno "), problem.get());
        var _ = receiver.waitFor(20, TimeUnit.MILLISECONDS);
        problem = systemd.send(MESSAGE);
      }
      assertEquals(Optional.empty(), problem);
      assertEquals(
          MESSAGE, new String(receiver.getInputStream().readNBytes(MESSAGE.length()), UTF_8));
    } finally {
      var _ = receiver.destroyForcibly().waitFor();
    }
  }

  @Test
  void send_pathSocket_arrives() throws Exception {
    Path socket = dir.resolve("notify");
    assertArrives(receiver("UNIX-RECV", socket.toString()), socket.toString());
  }

  @Test
  void send_abstractSocket_arrives() throws Exception {
    String name = "rolehost-test-" + UUID.randomUUID();
    assertArrives(receiver("ABSTRACT-RECV", name), "@" + name);
  }

  @Test
  void send_nobodyThere_saysWhyAndThrowsNothing() {
    Path socket = dir.resolve("none");
    SystemdNotify systemd = SystemdNotify.of(Map.of("NOTIFY_SOCKET", socket.toString()));

    assertEquals(
        Optional.of(
            "\"READY=1\" did not reach NOTIFY_SOCKET="
                + socket
                + ": java.io.IOException: sendto failed with errno 2 (there is no such socket)"),
        systemd.send("READY=1"));
  }

  @Test
  void of_noSocket_isSilent() {
    SystemdNotify systemd = SystemdNotify.of(Map.of("WATCHDOG_USEC", "1000"));

    assertFalse(systemd.active());
    assertEquals(Optional.empty(), systemd.send("READY=1"));
    assertEquals(Optional.empty(), systemd.watchdogInterval());
  }

  @Test
  void watchdogInterval_forThisProcess_isSet() {
    assertEquals(Optional.of(Duration.ofSeconds(30)), interval("30000000", "7"));
    assertEquals(Optional.empty(), interval("30000000", "8"));
    assertEquals(Optional.empty(), interval("soon", "7"));
    assertEquals(Optional.empty(), interval("0", "7"));
  }

  private static Optional<Duration> interval(String micros, String pid) {
    return SystemdNotify.of(
            Map.of("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", micros, "WATCHDOG_PID", pid), 7)
        .watchdogInterval();
  }
}
