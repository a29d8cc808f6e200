package io.rolehost.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.runtime.config.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFilesProcessTest {
  private static final long PID = ProcessHandle.current().pid();

  @TempDir Path dir;

  /** Another JVM that is the instance until it is killed. */
  static final class Holder {
    private Holder() {}

    static void main(String[] args) throws IOException {
      try (RunFiles files = RunFiles.open(HostSettingsFixture.in(Path.of(args[0])))) {
        System.out.println(files.incarnation());
        var _ = System.in.read();
      } catch (InstanceRunning e) {
        System.exit(75);
      }
    }
  }

  private Process holder() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            dir.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void open_lockedByAnotherJvm_isRefusedUntilThatIsKilled() throws Exception {
    Process other = holder();
    try (BufferedReader output = other.inputReader()) {
      assertEquals("1", output.readLine());

      InstanceRunning refused =
          assertThrows(
              InstanceRunning.class, () -> RunFiles.open(HostSettingsFixture.in(dir)).close());
      assertEquals(other.pid(), refused.pid());
      String message = String.valueOf(refused.getMessage());
      assertTrue(
          message.startsWith("Instance web_IN_0 already runs as process " + other.pid() + " with"),
          message);
      assertEquals(other.pid() + "\n", Files.readString(dir.resolve("run/web_IN_0.pid")));
    } finally {
      var _ = other.destroyForcibly().waitFor();
    }
    try (RunFiles next = RunFiles.open(HostSettingsFixture.in(dir))) {
      assertEquals(2, next.incarnation());
      assertEquals(PID + "\n", Files.readString(dir.resolve("run/web_IN_0.pid")));
    }
  }

  @Test
  void open_twiceInOneProcess_isRefusedAndTheLockStays() throws Exception {
    try (RunFiles first = RunFiles.open(HostSettingsFixture.in(dir))) {
      InstanceRunning refused =
          assertThrows(
              InstanceRunning.class, () -> RunFiles.open(HostSettingsFixture.in(dir)).close());
      assertEquals(PID, refused.pid());
      assertEquals(1, first.incarnation());

      Process other = holder();
      assertEquals(Optional.empty(), other.inputReader().lines().findFirst());
      assertEquals(75, other.waitFor());
    }
  }

  @Test
  void counter_tornFile_goesOnFromItsCopyOrTheLogs() throws Exception {
    open(1);
    open(2);
    Files.writeString(dir.resolve("run/web_IN_0.incarnation"), "");
    open(3);
    Files.writeString(dir.resolve("run/web_IN_0.incarnation"), "\0\0\0");
    Files.writeString(dir.resolve("run/web_IN_0.incarnation.copy"), "x");
    Files.createDirectories(dir.resolve("log"));
    Files.writeString(dir.resolve("log/web_IN_0-3.log"), "");
    open(4);
  }

  private void open(long expected) throws IOException {
    try (RunFiles files = RunFiles.open(HostSettingsFixture.in(dir))) {
      assertEquals(expected, files.incarnation());
      assertEquals(Optional.empty(), files.problem());
    }
  }

  @Test
  void files_ofLiveInstance_tellAllAndGoWithIt() throws Exception {
    try (RunFiles files = RunFiles.open(HostSettingsFixture.in(dir))) {
      files.writeToken("secret");
      files.writePorts(8081, Map.of("http", 8080), true);

      assertEquals(
          List.of(".incarnation", ".incarnation.copy", ".json", ".lock", ".pid", ".port", ".token"),
          suffixes());
      Path token = dir.resolve("run/web_IN_0.token");
      assertEquals("secret\n", Files.readString(token));
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(token)));
      assertEquals("8081\n", Files.readString(dir.resolve("run/web_IN_0.port")));
      Map<String, Object> json = Json.parse(Files.readString(dir.resolve("run/web_IN_0.json")));
      assertEquals(
          Map.of(
              "pid",
              (int) PID,
              "started",
              ProcessHandle.current().info().startInstant().orElseThrow().toString(),
              "ready",
              true,
              "port",
              8081,
              "endpoints",
              Map.of("http", 8080),
              "incarnation",
              1,
              "instance",
              "web_IN_0",
              "role",
              "web",
              "deployment",
              "staging"),
          json);
    }
    assertEquals(List.of(".incarnation", ".incarnation.copy", ".lock"), suffixes());
  }

  private List<String> suffixes() throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("run"))) {
      return files
          .map(file -> file.getFileName().toString().substring("web_IN_0".length()))
          .sorted()
          .toList();
    }
  }

  @Test
  void stateDir_notADirectory_isAProblemAndTheRoleRuns() throws Exception {
    Path file = Files.writeString(dir.resolve("state"), "");
    try (RunFiles files = RunFiles.open(HostSettingsFixture.in(file))) {
      files.writeToken("secret");
      files.writePorts(1, Map.of(), false);

      assertEquals(1, files.incarnation());
      assertTrue(
          files.problem().orElseThrow().startsWith("The state directory can't be written: "));
    }
  }
}
