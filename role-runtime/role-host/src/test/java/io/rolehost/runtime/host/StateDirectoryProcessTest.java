package io.rolehost.runtime.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes nothing is told of, and stops no role. */
final class StateDirectoryProcessTest {

  @TempDir Path folder;

  @Test
  void stateDirectory_thatCanNotBeMade_isToldOf() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    assertServes(file.resolve("state"));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void stateDirectory_thatIsFull_isToldOf() throws Exception {
    try (Disk disk = new Disk(folder.resolve("disk"))) {
      disk.fill();
      assertServes(disk.mountPoint);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void stateDirectory_thatIsReadOnly_isToldOf() throws Exception {
    try (Disk disk = new Disk(folder.resolve("disk"))) {
      disk.mount("-o", "remount,ro");
      assertServes(disk.mountPoint);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void stateDirectory_thatFillsUpLater_isToldOf() throws Exception {
    try (Disk disk = new Disk(folder.resolve("disk"))) {
      HostProcess.Command command =
          HostProcess.of(Roles.Plain.class, folder)
              .set("rolehost.state-dir", disk.mountPoint.toString())
              .file("mine = 0");
      try (HostProcess host = command.start()) {
        assertFillsUp(host.awaitReady().awaitEvent("run"), command, disk);
      }
    }
  }

  /** Each change is journaled and logged, until the last page of neither takes more. */
  private static void assertFillsUp(HostProcess host, HostProcess.Command command, Disk disk) {
    assertEquals(List.of(), host.facts().getStringList("problems"));
    disk.fill();
    AtomicInteger changes = new AtomicInteger();
    host.await(
        "a problem",
        () -> {
          HostProcess.Command _ = command.file("mine = " + changes.incrementAndGet());
          return !host.facts().getStringList("problems").isEmpty();
        });
    assertEquals(200, host.status("/readyz"));
    assertEquals(0, host.signal("TERM").exitCode(), host.output());
  }

  private void assertServes(Path stateDir) throws IOException {
    try (HostProcess host =
        HostProcess.of(Roles.Web.class, folder)
            .set("rolehost.endpoints.http.port", "0")
            .set("rolehost.state-dir", stateDir.toString())
            .start()) {
      host.awaitReady();
      URI endpoint = URI.create("http://127.0.0.1:" + host.endpointPort() + "/");
      try (var answer = endpoint.toURL().openStream()) {
        assertEquals("hello", new String(answer.readAllBytes(), UTF_8));
      }
      String problems = String.join("\n", host.facts().getStringList("problems"));
      assertTrue(problems.contains(stateDir.toString()), problems);
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
      assertFalse(host.output().contains("bug of Rolehost"), host.output());
    }
  }

  /** A disk of a few pages of its own, as only root may make one. */
  private static final class Disk implements AutoCloseable {
    private final Path mountPoint;

    Disk(Path mountPoint) throws Exception {
      this.mountPoint = Files.createDirectories(mountPoint);
      mount("-t", "tmpfs", "-o", "size=64k", "tmpfs");
    }

    void mount(String... arguments) throws Exception {
      int code = run("mount", arguments);
      assumeTrue(code == 0, "only root can mount a disk, where the machine lets it");
    }

    private int run(String program, String... arguments) throws IOException {
      ProcessBuilder builder = new ProcessBuilder(program);
      for (String argument : arguments) {
        builder.command().add(argument);
      }
      builder.command().add(mountPoint.toString());
      try {
        return builder.redirectErrorStream(true).start().waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    void fill() {
      try (OutputStream filler = Files.newOutputStream(mountPoint.resolve("filler"))) {
        while (true) {
          filler.write(new byte[4096]);
        }
      } catch (IOException full) {
        // That was the aim.
      }
    }

    @Override
    public void close() throws IOException {
      int code = run("umount", "-l");
      assertEquals(0, code, "umount");
    }
  }
}
