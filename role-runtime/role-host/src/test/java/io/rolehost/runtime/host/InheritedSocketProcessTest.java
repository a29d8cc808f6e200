package io.rolehost.runtime.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A listening socket on descriptor 0, as systemd gives it with StandardInput=socket. */
@EnabledOnOs(OS.LINUX)
final class InheritedSocketProcessTest {

  /** Holds the socket as systemd does, and starts the program again when it recycles. */
  private static final String HOLDER =
      """
      import signal, socket, subprocess, sys
      s = socket.socket()
      s.bind(("127.0.0.1", 0))
      s.listen(512)
      print("LISTENS", s.getsockname()[1], flush=True)
      code = 86
      while code == 86:
          child = subprocess.Popen(sys.argv[1:], stdin=s)
          signal.signal(signal.SIGTERM, lambda *_: child.terminate())
          code = child.wait()
          print("ENDED", code, flush=True)
      sys.exit(code)
      """;

  private static final Pattern LISTENS = Pattern.compile("LISTENS (\\d+)");

  @TempDir Path folder;

  @BeforeEach
  void needPython() throws Exception {
    boolean there;
    try {
      there =
          new ProcessBuilder("python3", "--version").redirectErrorStream(true).start().waitFor()
              == 0;
    } catch (IOException none) {
      there = false;
    }
    assumeTrue(there, "python3, which holds the socket for this test, is not installed here");
  }

  private HostProcess.Command web() {
    return HostProcess.of(Roles.Web.class, folder)
        .set("rolehost.endpoints.http.inherit", "true")
        .set("rolehost.stop.drain.quiet", "0 s");
  }

  private static int port(HostProcess host) {
    host.awaitOutput("LISTENS ");
    Matcher found = LISTENS.matcher(host.output());
    assertTrue(found.find());
    return Integer.parseInt(found.group(1));
  }

  private static String get(int port) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
    connection.setReadTimeout((int) HostProcess.PATIENCE.toMillis());
    connection.setRequestProperty("Connection", "close");
    try (InputStream body = connection.getInputStream()) {
      return new String(body.readAllBytes(), UTF_8);
    }
  }

  @Test
  void restart_whileClientsComeAndGo_refusesNone() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    List<String> failed = new CopyOnWriteArrayList<>();
    try (HostProcess host = web().through("python3", "-c", HOLDER).start()) {
      int port = port(host);
      host.awaitReady();
      assertEquals("hello", get(port));
      List<Thread> clients =
          List.of(client(port, enough, answered, failed), client(port, enough, answered, failed));

      assertEquals(202, host.write("POST", "/recycle", "").statusCode());

      host.awaitOutput("ENDED 86");
      host.await("the second start is up", () -> count(host.events(), "onApplicationStart") == 2);
      int before = answered.get();
      host.await("clients are answered", () -> answered.get() > before + 20);
      enough.set(true);
      for (Thread client : clients) {
        assertTrue(client.join(Duration.ofSeconds(60)));
      }
      assertEquals(List.of(), failed);
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
      // What is said after the listener is left is still heard.
      assertTrue(host.output().contains("EVENT close first"), host.output());
      assertEquals(2, count(host.events(), "close first"), host.output());
    }
  }

  private static Thread client(
      int port, AtomicBoolean enough, AtomicInteger answered, List<String> failed) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (!enough.get()) {
            try {
              assertEquals("hello", get(port));
              answered.incrementAndGet();
            } catch (IOException | AssertionError e) {
              failed.add(String.valueOf(e));
            }
          }
        });
  }

  private static int count(List<String> events, String event) {
    return (int) events.stream().filter(event::equals).count();
  }

  @Test
  void descriptorZero_thatIsNoListeningSocket_isSaidWithWhatToDo() {
    try (HostProcess host = web().start()) {
      assertEquals(70, host.exitCode(), host.output());
      assertTrue(
          host.output()
              .contains(
                  "Endpoint http can't take over a listening socket: descriptor 0 is not one that"
                      + " listens on TCP. Start it by a unit of systemd with StandardInput=socket"),
          host.output());
    }
  }
}
