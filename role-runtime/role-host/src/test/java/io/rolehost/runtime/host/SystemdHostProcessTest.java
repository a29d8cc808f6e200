package io.rolehost.runtime.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a whole host tells systemd, and that it is silent where there is none. */
@EnabledOnOs(OS.LINUX)
final class SystemdHostProcessTest {

  private static final Path SOCAT = Path.of("/usr/bin/socat");

  @TempDir Path folder;

  /** Stands in for systemd; datagrams come one after another without a mark between them. */
  private static final class Listener implements AutoCloseable {
    private final String address;
    private final Process socat;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    Listener(Path folder, String kind) throws IOException {
      assumeTrue(Files.isExecutable(SOCAT), "socat is not installed here");
      boolean named = kind.equals("path");
      String place =
          named ? folder.resolve("notify").toString() : "rolehost-test-" + UUID.randomUUID();
      address = named ? place : "@" + place;
      socat =
          new ProcessBuilder(
                  SOCAT.toString(), "-u", (named ? "UNIX-RECV:" : "ABSTRACT-RECV:") + place, "-")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      HostProcess.awaitAnyway("socat listens at " + address, this::listens);
      Thread _ = Thread.ofVirtual().start(this::listen);
    }

    private boolean listens() {
      try {
        return Files.readString(Path.of("/proc/net/unix")).contains(address);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void listen() {
      try {
        socat.getInputStream().transferTo(heard);
      } catch (IOException e) {
        // socat is gone
      }
    }

    String heard() {
      return heard.toString(UTF_8);
    }

    int count(String text) {
      return (int) Pattern.compile(text, Pattern.LITERAL).matcher(heard()).results().count();
    }

    void await(String text, int times) {
      HostProcess.awaitAnyway(text + " is heard", () -> count(text) >= times);
    }

    @Override
    public void close() {
      var _ = socat.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"path", "abstract"})
  void wholeLife_isTold(String kind) throws IOException {
    try (Listener systemd = new Listener(folder, kind);
        HostProcess host =
            HostProcess.of(Roles.Plain.class, folder)
                .unset("rolehost.profile")
                .variable("NOTIFY_SOCKET", systemd.address)
                .variable("WATCHDOG_USEC", "200000")
                .start()) {
      host.awaitReady().awaitOutput("profile systemd");
      systemd.await("READY=1\nSTATUS=", 1);
      systemd.await("WATCHDOG=1", 3);
      assertEquals(0, systemd.count("STOPPING=1"), systemd.heard());
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
      systemd.await("STOPPING=1\nEXTEND_TIMEOUT_USEC=", 1);
      assertEquals(1, systemd.count("READY=1"), systemd.heard());
    }
  }

  @Test
  void heldByAFreeze_isReadyForSystemdOnce() throws IOException {
    HostProcess.Command command =
        HostProcess.of(Roles.Plain.class, folder).file("rolehost.freeze.enabled = true");
    try (Listener systemd = new Listener(folder, "path");
        HostProcess host = command.variable("NOTIFY_SOCKET", systemd.address).start()) {
      host.awaitState("HELD");
      systemd.await("READY=1\nSTATUS=", 1);
      assertEquals(503, host.status("/readyz"));
      assertEquals(List.of(), host.events());
      HostProcess.Command _ = command.file("rolehost.freeze.enabled = false");
      assertEquals(0, host.awaitReady().signal("TERM").exitCode(), host.output());
      systemd.await("STOPPING=1", 1);
      assertEquals(1, systemd.count("READY=1"), systemd.heard());
    }
  }

  @Test
  void systemdThatIsGone_costsAWarningAndNothingElse() {
    try (HostProcess host =
        HostProcess.of(Roles.Plain.class, folder)
            .variable("NOTIFY_SOCKET", folder.resolve("nobody").toString())
            .variable("WATCHDOG_USEC", "100000")
            .start()) {
      host.awaitReady().awaitOutput("systemd can not be told");
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
  }

  @Test
  void lifeWithoutSystemd_onAClassPath_hasNoWarningOfTheVirtualMachine() throws IOException {
    try (HostProcess host =
        HostProcess.of(Roles.Web.class, folder).set("rolehost.endpoints.http.port", "0").start()) {
      host.awaitReady();
      for (String path : List.of("/", "/status", "/metrics", "/explain", "/livez")) {
        assertEquals(200, host.status(path), path);
      }
      URI endpoint = URI.create("http://127.0.0.1:" + host.endpointPort() + "/");
      try (var answer = endpoint.toURL().openStream()) {
        assertEquals("hello", new String(answer.readAllBytes(), UTF_8));
      }
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
      assertTrue(
          host.output().lines().noneMatch(line -> line.startsWith("WARNING")), host.output());
    }
  }
}
