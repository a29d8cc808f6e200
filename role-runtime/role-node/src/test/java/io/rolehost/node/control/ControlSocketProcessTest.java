package io.rolehost.node.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The node's socket: where it lies, and whom it hears. */
@EnabledOnOs(OS.LINUX)
final class ControlSocketProcessTest {
  private static final int NOBODY = 65534;

  @TempDir private Path folder = Path.of("");

  private static ControlServer open(Path stateDir) throws IOException {
    return ControlServer.open(
        stateDir, (request, answer) -> answer.line(Map.of("heard", request.get("verb"))));
  }

  @Test
  void stateDirectory_withALongPath_hasAShortSocketThatBothSidesFind() throws Exception {
    Path stateDir = Files.createDirectories(folder.resolve("deep".repeat(30)));
    try (ControlServer _ = open(stateDir)) {
      ControlClient client = ControlClient.of(stateDir);
      assertEquals(Map.of("heard", "status"), client.ask("status", Map.of()));
      assertTrue(client.socket().toString().length() <= 100, client.socket().toString());
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(
              Files.getPosixFilePermissions(client.socket().resolveSibling("."))));
    }
  }

  @Test
  void formattedAnswer_isTheTextForPeople_andLeftOutWhereTheNodeRefuses() throws Exception {
    Path stateDir = folder.resolve("state");
    try (ControlServer _ = open(stateDir)) {
      assertEquals(
          Optional.of("{\n    \"heard\" : \"status\"\n}\n"),
          ControlClient.of(stateDir).askFormatted("status"));
    }
    try (ControlServer _ =
        ControlServer.open(stateDir, (_, answer) -> answer.line(Map.of("error", "no")))) {
      assertEquals(Optional.empty(), ControlClient.of(stateDir).askFormatted("status"));
    }
  }

  /** Root may ask the node of another user, so the place must not follow from who asks. */
  @Test
  void shortSocket_ofAnotherUsersNode_isInTheFolderOfThatUser() throws Exception {
    assumeTrue(isRoot(), "only root can give a folder to another user");
    Path stateDir = Files.createDirectories(folder.resolve("deep".repeat(30)));
    Files.setAttribute(stateDir, "unix:uid", NOBODY);
    String owner = Files.getOwner(stateDir).getName();
    assertTrue(
        ControlClient.of(stateDir).socket().toString().contains("/rolehost-" + owner + "/"),
        ControlClient.of(stateDir).socket().toString());
  }

  @Test
  void otherUser_whoCanReachTheSocket_isNotHeard() throws Exception {
    assumeTrue(isRoot(), "only root can ask as somebody else");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is not installed here");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/socat")), "socat is not installed here");
    Path stateDir = folder.resolve("state");
    try (ControlServer _ = open(stateDir)) {
      Path socket = ControlClient.of(stateDir).socket();
      assertEquals("{\"heard\":\"status\"}", ask(0, socket));

      // As if somebody had opened all doors on the way.
      for (Path door = socket;
          door != null && !door.equals(Path.of("/tmp"));
          door = door.getParent()) {
        Files.setPosixFilePermissions(door, PosixFilePermissions.fromString("rwxrwxrwx"));
      }
      assertEquals(
          "{\"error\":\"only the user of the node and root may ask\"}", ask(NOBODY, socket));
    }
  }

  private static String ask(int user, Path socket) throws Exception {
    Process asking =
        new ProcessBuilder(
                "/usr/bin/setpriv",
                "--reuid=" + user,
                "--regid=" + user,
                "--clear-groups",
                "/usr/bin/socat",
                "-t10",
                "-",
                "UNIX-CONNECT:" + socket)
            .redirectErrorStream(true)
            .start();
    try (var out = asking.getOutputStream()) {
      out.write("{\"verb\":\"status\"}\n".getBytes(UTF_8));
    }
    return new String(asking.getInputStream().readAllBytes(), UTF_8).strip();
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }
}
