package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.rolehost.node.control.Json;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * One life of a node and its role host under people who mean harm, and what is found of secrets.
 */
@EnabledOnOs(OS.LINUX) // reads /proc
final class HostileNodeProcessTest {
  private static final int PATIENCE_MILLIS = 60_000;
  private static final String ADMIN = "canary-adm1n-5f1c";
  private static final String OPERATE = "canary-op3rate-77ab";
  private static final String READ = "canary-r3ad-90de";
  private static final String DATABASE = "canary-d4tabase-13ef";

  @TempDir private Path folder = Path.of("");

  @Test
  void harm_ofEveryKind_hasNoEffectAndIsWrittenDown_andNoSecretComesOut() throws Exception {
    try (RunningNode node = start()) {
      var _ = node.await(0, "web_IN_0 ready ");
      int port = Integer.parseInt(run("node.port"));
      int child = Integer.parseInt(run("web_IN_0.port"));
      String childToken = run("web_IN_0.token");
      List<String> shown = new ArrayList<>();

      Map<String, List<String>> statuses = new LinkedHashMap<>();
      for (String mutation :
          List.of("PUT /freeze", "DELETE /freeze", "POST /restart?target=web", "POST /stop")) {
        statuses.put(mutation, attempts(port, mutation, READ));
      }
      for (String mutation :
          List.of(
              "PUT /freeze",
              "DELETE /freeze",
              "POST /recycle",
              "POST /stop",
              "POST /task?name=a&do=restart",
              "POST /operations/x?do=y",
              "GET /threads")) {
        statuses.put("host: " + mutation, attempts(child, mutation, ADMIN));
      }
      statuses.forEach((mutation, found) -> {
        String little = mutation.startsWith("host: ") ? "401" : "403";
        boolean reads = mutation.contains("GET ");
        assertEquals(
            List.of("401", "401", little, "400", "401", "421", reads ? "401" : "403", "400", "400"),
            found,
            mutation);
      });
      assertEquals("403", status(ask(port, "POST /stop", bearer(OPERATE))));
      assertEquals("1", String.valueOf(node.instance("web_IN_0").get("incarnation")));

      // Reading needs a token here; a host's own plane is read by whoever is on this machine.
      assertEquals("401", status(ask(port, "GET /status", "")));
      assertEquals("200", status(ask(port, "GET /metrics", "")));
      assertEquals("200", status(ask(port, "GET /readyz", "")));
      for (String path : List.of("/status", "/explain", "/freeze", "/", "/metrics")) {
        shown.add(ask(port, "GET " + path, bearer(READ)));
        shown.add(ask(child, "GET " + path, ""));
      }
      shown.add(ask(child, "GET /threads", bearer(childToken)));

      String handed =
          ask(port, "POST /operations/x?do=y&instance=web_IN_0&by=anna", bearer(OPERATE));
      assertEquals("404", status(handed), handed);
      awaitInJournal(
          "POST /operations/x do=y by operate token from 127.0.0.1 through the node, who says to be"
              + " anna: refused (404)");

      int mark = node.mark();
      String restart = ask(port, "POST /restart?target=web&by=anna", bearer(OPERATE));
      assertEquals("202", status(restart), restart);
      var _ = node.await(mark, "web_IN_0 ready ");
      mark = node.mark();
      assertEquals(0, node.verb("restart", "web").code());
      var _ = node.await(mark, "web_IN_0 ready ");

      mark = node.mark();
      // The crash file of the JVM has its arguments and parts of its environment.
      assertEquals(
          0,
          new ProcessBuilder("kill", "-SEGV", Long.toString(node.child("web_IN_0").pid()))
              .start()
              .waitFor());
      var _ = node.await(mark, "web_IN_0 ended with 134 ");
      var _ = node.await(mark, "web_IN_0 ready ");

      String events = ask(port, "GET /events", bearer(READ) + "Accept: application/json\r\n");
      shown.add(events);
      shown.add(node.verb("status", "--json").out());
      shown.add(node.verb("events").out());
      List<String> audit = audit();
      assertTrue(
          audit.getFirst().matches("PUT /freeze by no token from 127.0.0.1: refused \\(401\\)"),
          audit.toString());
      assertTrue(
          audit.stream()
              .anyMatch(line ->
                  line.startsWith(
                      "POST /restart target=web by operate token from 127.0.0.1, who says to be"
                          + " anna: done (202)")),
          audit.toString());
      assertTrue(
          audit.stream()
              .anyMatch(line ->
                  line.matches(
                      "rolehost restart target=web by user \\S+ from the node's socket.*: done.*")),
          audit.toString());
      assertTrue(events.contains("by operate token from 127.0.0.1"), events);
      shown.addAll(processes(node));

      assertEquals("202", status(ask(port, "POST /stop", bearer(ADMIN))));
      assertEquals(0, node.exitCode());
      shown.addAll(node.since(0));
      assertTrue(crashFileIsKept(), "the incident of the crash has no hs_err.txt");
      for (String secret : List.of(ADMIN, OPERATE, READ, DATABASE, childToken)) {
        for (String text : shown) {
          assertTrue(!text.contains(secret), () -> secret + " in " + text);
        }
        assertEquals(List.of(), filesWith(secret), secret);
      }
      assertTrue(
          audit().getLast().startsWith("POST /stop by admin token from 127.0.0.1: done (202)"),
          audit().toString());
    }
  }

  /** Half of them send nothing, half begin a request and do not end it. */
  @Tag("long")
  @Test
  void crowd_of10000_doesNotStarveTheNodesProbe() throws Exception {
    int many = 10_000;
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    assumeTrue(
        system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() > many + 1_000,
        "too few file descriptors");
    List<SocketChannel> crowd = new ArrayList<>();
    try (RunningNode node = start()) {
      var _ = node.await(0, "web_IN_0 ready ");
      int port = Integer.parseInt(run("node.port"));
      for (int i = 0; i < many; i++) {
        SocketChannel one =
            SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        crowd.add(one);
        if (i % 2 == 0) {
          int _ = one.write(ByteBuffer.wrap("GET /readyz HTTP/1.1\r\nX".getBytes(ISO_8859_1)));
        }
        if (i % 100 == 0) {
          assertTimeoutPreemptively(
              Duration.ofSeconds(5),
              () -> assertEquals("200", status(ask(port, "GET /readyz", ""))));
        }
      }
    } finally {
      for (SocketChannel one : crowd) {
        one.close();
      }
    }
  }

  private RunningNode start() throws IOException {
    Files.writeString(folder.resolve("admin.token"), ADMIN + "\n");
    String classPath =
        String.join(
            ",",
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> "\"" + entry + "\"")
                .toList());
    Files.writeString(
        folder.resolve("solution.conf"),
        """
        roles.web {
          class-path = [%s]
          jvm-options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "-Drolehost.role.class=io.rolehost.cli.Injured"]
          settings { db.password = "%s" }
        }
        rolehost {
          profile = azure, aot = false, freeze.auto.enabled = false
          management { token-file = admin.token, operate-token = "%s" }
        }
        """
            .formatted(classPath, DATABASE, OPERATE));
    return RunningNode.start(folder, Map.of("ROLEHOST_MANAGEMENT_READ_TOKEN", READ));
  }

  private String run(String file) throws IOException {
    return Files.readString(folder.resolve(".rolehost/run").resolve(file)).strip();
  }

  /** Returns what comes of a mutation by every way around the right token. */
  private static List<String> attempts(int port, String mutation, String little)
      throws IOException {
    String query = mutation + (mutation.contains("?") ? "&" : "?") + "token=";
    List<String> found = new ArrayList<>();
    found.add(status(ask(port, mutation, "")));
    found.add(status(ask(port, mutation, bearer("wrong"))));
    found.add(status(ask(port, mutation, bearer(little))));
    found.add(status(ask(port, mutation, bearer("wrong") + bearer("wrong"))));
    found.add(status(ask(port, query + "x", "")));
    found.add(status(send(port, mutation + " HTTP/1.1\r\nHost: evil.example\r\n", "")));
    found.add(status(ask(port, mutation, "Origin: http://evil.example\r\n")));
    found.add(status(ask(port, mutation, "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")));
    found.add(status(ask(port, mutation, "Content-Length : 3\r\n")));
    return found;
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token + "\r\n";
  }

  private static String ask(int port, String line, String headers) throws IOException {
    return send(port, line + " HTTP/1.1\r\nHost: localhost\r\n", headers);
  }

  private static String send(int port, String head, String headers) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket
          .getOutputStream()
          .write((head + headers + "Connection: close\r\n\r\n").getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  private static String status(String answer) {
    return answer.length() < 12 ? answer : answer.substring(9, 12);
  }

  /** Waits for a sentence in the role host's own journal, which is written behind the answer. */
  private void awaitInJournal(String sentence) throws IOException {
    Path journal = folder.resolve(".rolehost/journal/web_IN_0.jsonl");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!Files.readString(journal).contains(sentence)) {
      assertTrue(System.nanoTime() - end < 0, () -> sentence + " is not in " + journal);
    }
  }

  /** Returns the sentences of the node's audit, as they are in its journal. */
  private List<String> audit() throws IOException {
    List<String> sentences = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (sentences.isEmpty() && System.nanoTime() - end < 0) {
      for (String line :
          Files.readAllLines(folder.resolve(".rolehost/journal/orders.node.jsonl"))) {
        if (line.contains("\"type\":\"audit\"")) {
          sentences.add(String.valueOf(Json.read(line).get("cause")));
        }
      }
    }
    return sentences;
  }

  /** Returns arguments and environment of the children, and the arguments of the node. */
  private static List<String> processes(RunningNode node) throws IOException {
    List<String> texts = new ArrayList<>();
    texts.add(proc(node.handle().pid(), "cmdline"));
    for (ProcessHandle one : node.handle().descendants().toList()) {
      texts.add(proc(one.pid(), "cmdline"));
      texts.add(proc(one.pid(), "environ"));
    }
    return texts;
  }

  private static String proc(long pid, String file) throws IOException {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/" + file), ISO_8859_1);
    } catch (IOException ended) {
      return "";
    }
  }

  /** Returns the files in which a text is, but for those that are there to hold it. */
  private List<String> filesWith(String text) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(".rolehost"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().endsWith(".token"))
          .filter(file -> !file.startsWith(folder.resolve(".rolehost/settings")))
          .filter(file -> contains(file, text))
          .map(Path::toString)
          .toList();
    }
  }

  private boolean crashFileIsKept() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(".rolehost/incidents"))) {
      return files.anyMatch(file -> file.endsWith("hs_err.txt"));
    }
  }

  private static boolean contains(Path file, String text) {
    Optional<String> content;
    try {
      content = Optional.of(Files.readString(file, ISO_8859_1));
    } catch (IOException gone) {
      content = Optional.empty();
    }
    return content.orElse("").contains(text);
  }
}
