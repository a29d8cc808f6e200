package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoneHostsTest {

  private static final long PID = ProcessHandle.current().pid();

  @TempDir private Path stateDir = Path.of("");

  @Test
  void hostThatHangs_isAliveThoughItIsNotFound() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      runFile("web_IN_0", silent.getLocalPort());
      assertEquals(
          List.of(
              Map.of("instance", "web_IN_0", "pid", PID, "managementPort", silent.getLocalPort())),
          LoneHosts.alive(stateDir));
      assertEquals(List.of(), LoneHosts.find(stateDir));
    }
  }

  @Test
  void portThatNobodyListensAt_isOfAHostThatIsGone() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    runFile("web_IN_0", port);
    assertEquals(List.of(), LoneHosts.alive(stateDir));
  }

  private void runFile(String instance, int port) throws IOException {
    Path run = Files.createDirectories(stateDir.resolve("run"));
    Files.writeString(run.resolve(instance + ".pid"), PID + "\n");
    Files.writeString(run.resolve(instance + ".port"), port + "\n");
  }
}
