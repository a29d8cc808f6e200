package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.control.Json;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The plane of a node whose one instance is ready and whose other one waits for its next try. */
@EnabledOnOs(OS.LINUX) // a role is a shell script
final class NodePlaneProcessTest {
  private static final long PATIENCE_SECONDS = 60;

  @TempDir private static Path folder = Path.of("");
  private static RunningNode node;
  private static int port;
  private static String token;

  @BeforeAll
  static void startNode() throws Exception {
    node = start(folder);
    var _ = node.await(0, "web_IN_0 ready ");
    var _ = node.await(0, "flaky_IN_0 ended with 7 ");
    port = Integer.parseInt(run(folder, "node.port"));
    token = run(folder, "node.token");
  }

  private static RunningNode start(Path folder) throws IOException {
    String classPath =
        String.join(
            ",",
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> "\"" + entry + "\"")
                .toList());
    Files.writeString(
        folder.resolve("solution.conf"),
        """
        roles {
          web {
            class-path = [%s]
            jvm-options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
              "-Drolehost.role.class=io.rolehost.cli.Injured"]
          }
          flaky {
            command = [sh, -c, "test -e %s/well && exec sleep 600; exit 7"]
            back-off { initial = 20h, cap = 20h }
          }
        }
        rolehost { profile = azure, aot = false, freeze.auto.enabled = false }
        """
            .formatted(classPath, folder));
    return RunningNode.start(folder);
  }

  private static String run(Path folder, String file) throws IOException {
    return Files.readString(folder.resolve(".rolehost/run").resolve(file)).strip();
  }

  @AfterAll
  static void endNode() {
    node.close();
  }

  /** What was answered, with its headers in one text. */
  private record Answered(int status, String headers, String body) {}

  private static Answered ask(int port, String method, String target, String... headers)
      throws IOException {
    return ask(port, method, target, "", List.of(headers));
  }

  private static Answered ask(
      int port, String method, String target, String body, List<String> headers)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      send(socket, method, target, body, headers);
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      int blank = answer.indexOf("\r\n\r\n");
      return new Answered(
          Integer.parseInt(answer.substring(9, 12)),
          answer.substring(0, blank),
          answer.substring(blank + 4));
    }
  }

  private static void send(
      Socket socket, String method, String target, String body, List<String> headers)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(method + " " + target + " HTTP/1.1");
    if (headers.stream().noneMatch(header -> header.startsWith("Host:"))) {
      lines.add("Host: localhost");
    }
    lines.addAll(headers);
    lines.add("Connection: close");
    lines.add("Content-Length: " + body.getBytes(UTF_8).length);
    socket
        .getOutputStream()
        .write((String.join("\r\n", lines) + "\r\n\r\n" + body).getBytes(UTF_8));
  }

  private static String bearer() {
    return "Authorization: Bearer " + token;
  }

  @Test
  void files_ofTheRunDirectory_sayWhereItIsAndKeepTheTokenToTheirOwner() throws Exception {
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(folder.resolve(".rolehost/run/node.token"))));
    Map<?, ?> about =
        (Map<?, ?>) Json.read(node.verb("status", "--json").out()).getOrDefault("node", Map.of());
    assertEquals("http://127.0.0.1:" + port + "/", about.get("managementUrl"));
    assertFalse(node.verb("status", "--json").out().contains(token));
    assertFalse(String.join("\n", node.since(0)).contains(token));
  }

  @Test
  void probes_ofANodeWithOneInstanceThatFails_areLiveAndStartedAndNotReady() throws Exception {
    assertEquals("ok\n", ask(port, "GET", "/livez").body());
    assertEquals("ok\n", ask(port, "GET", "/startupz").body());
    Answered ready = ask(port, "GET", "/readyz");
    assertEquals(503, ready.status());
    List<String> lines = ready.body().lines().toList();
    assertEquals(
        List.of("[+]web_IN_0 ok", "readyz check failed"), List.of(lines.get(0), lines.get(2)));
    assertTrue(
        lines.get(1).startsWith("[-]flaky_IN_0 waiting to retry: start #1 ended with 7 "),
        lines.get(1));
    Answered json = ask(port, "GET", "/readyz", "Accept: application/json");
    assertEquals(503, json.status());
    assertEquals(false, Json.read(json.body()).get("ok"));
  }

  @Test
  void readingPaths_tellOfAllInstances() throws Exception {
    Map<String, Object> status = Json.read(ask(port, "GET", "/status").body());
    List<?> instances = (List<?>) status.getOrDefault("instances", List.of());
    assertEquals(
        List.of("web_IN_0 ready", "flaky_IN_0 waiting to retry"),
        instances.stream()
            .map(one -> ((Map<?, ?>) one).get("instance") + " " + ((Map<?, ?>) one).get("word"))
            .toList());

    List<String> explained = ask(port, "GET", "/explain").body().lines().toList();
    assertEquals("the node has 2 instances: 1 ready, 1 waiting to retry", explained.getFirst());
    String one = ask(port, "GET", "/explain?instance=flaky").body();
    assertTrue(one.startsWith("flaky_IN_0 is waiting to retry: start #1 ended with 7 "), one);
    assertEquals(404, ask(port, "GET", "/explain?instance=nobody").status());

    String page = ask(port, "GET", "/").body();
    assertTrue(page.contains("<th scope=\"row\">web_IN_0</th>"), page);
    assertTrue(page.contains("flaky_IN_0</th>"), page);
    assertEquals(401, ask(port, "GET", "/log?instance=flaky_IN_0").status());
    assertEquals(404, ask(port, "GET", "/timeline?instance=nobody").status());
    Map<String, Object> own = Json.read(ask(port, "GET", "/status?instance=web_IN_0&host").body());
    Map<?, ?> row = (Map<?, ?>) ((List<?>) own.getOrDefault("instances", List.of())).getFirst();
    assertEquals("READY", row.get("host") instanceof Map<?, ?> host ? host.get("state") : row);
    assertEquals(404, ask(port, "GET", "/threads", bearer()).status());
  }

  @Test
  void metrics_haveStatesAndEndsByCode() throws Exception {
    String metrics = ask(port, "GET", "/metrics").body();
    for (String line :
        List.of(
            "rolehost_node_instance_state{instance=\"web_IN_0\",role=\"web\",state=\"ready\"} 1.0",
            "rolehost_node_instance_state{instance=\"flaky_IN_0\",role=\"flaky\",state=\"ready\"}"
                + " 0.0",
            "rolehost_node_instance_incarnation{instance=\"web_IN_0\",role=\"web\"} 1.0",
            "rolehost_node_instance_failures{instance=\"flaky_IN_0\",role=\"flaky\"} 1.0",
            "rolehost_node_ends_total{code=\"7\",instance=\"flaky_IN_0\",role=\"flaky\"} 1.0",
            "rolehost_node_stopping 0.0")) {
      assertTrue(metrics.lines().anyMatch(line::equals), line + " in\n" + metrics);
    }
    assertTrue(metrics.contains("jvm_threads_current"), metrics);
  }

  @Test
  void events_resumeBehindTheLastOneSeen() throws Exception {
    List<Long> all = ids("/events?last-event-id=0", 3);
    assertEquals(all.subList(1, 3), ids("/events", 2, "Last-Event-ID: " + all.getFirst()));
  }

  private static List<Long> ids(String target, int count, String... headers) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      send(socket, "GET", target, "", List.of(headers));
      List<Long> ids = new ArrayList<>();
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      while (ids.size() < count) {
        String line = reader.readLine();
        if (line == null || line.equals("event: gap")) {
          throw new AssertionError("after " + ids + " came " + line);
        }
        if (line.startsWith("id: ")) {
          ids.add(Long.parseLong(line.substring(4)));
        }
      }
      return ids;
    }
  }

  @Test
  void freeze_putAndDeletedOverHttp_freezesAndUnfreezesTheInstance() throws Exception {
    String body = "{\"scope\":\"role:web\",\"reason\":\"INC-7\",\"owner\":\"anna\"}";
    assertEquals(401, ask(port, "PUT", "/freeze", body, List.of()).status());

    Answered put = ask(port, "PUT", "/freeze", body, List.of(bearer()));
    assertEquals(200, put.status(), put.body());
    awaitWhy("web_IN_0", "the next start is frozen: INC-7 by anna");
    List<?> freezes =
        (List<?>) Json.read(ask(port, "GET", "/freeze").body()).getOrDefault("freezes", List.of());
    assertEquals(
        List.of("role:web"), freezes.stream().map(one -> ((Map<?, ?>) one).get("scope")).toList());
    assertEquals(200, ask(port, "DELETE", "/freeze?scope=role:web", bearer()).status());
    awaitWhy("web_IN_0", "");
  }

  private static void awaitWhy(String instance, String why) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!why.equals(node.instance(instance).get("why"))) {
      assertTrue(System.nanoTime() - end < 0, () -> "waited in vain for " + why);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  @Test
  void commands_withoutTokenOrByAForeignName_areRefused() throws Exception {
    for (String command : List.of("/restart?target=web", "/stop")) {
      Answered answer = ask(port, "POST", command);
      assertEquals(401, answer.status());
      assertTrue(answer.headers().contains("application/problem+json"), answer.headers());
      assertEquals(401, ask(port, "POST", command, "Authorization: Bearer x").status());
      assertEquals(421, ask(port, "POST", command, bearer(), "Host: evil.example").status());
    }
    assertEquals(421, ask(port, "GET", "/status", "Host: evil.example").status());
    assertEquals(200, ask(port, "GET", "/livez", "Host: evil.example").status());
    assertEquals(404, ask(port, "POST", "/restart?target=nobody", bearer()).status());
    assertEquals(400, ask(port, "POST", "/restart", bearer()).status());
    assertEquals("ready", node.instance("web_IN_0").get("word"));
  }

  @Test
  void restartThenStop_overHttp_makeTheNodeReadyAndThenEndIt(@TempDir Path own) throws Exception {
    try (RunningNode another = start(own)) {
      var _ = another.await(0, "web_IN_0 ready ");
      var _ = another.await(0, "flaky_IN_0 ended with 7 ");
      int at = Integer.parseInt(run(own, "node.port"));
      String show = "Authorization: Bearer " + run(own, "node.token");
      var _ = Files.createFile(own.resolve("well"));

      int mark = another.mark(); // a program without a probe was ready before it ended, too
      Answered restart = ask(at, "POST", "/restart?target=flaky", show);
      assertEquals(202, restart.status(), restart.body());
      assertEquals(List.of("flaky_IN_0"), Json.read(restart.body()).get("restarting"));
      var _ = another.await(mark, "flaky_IN_0 ready ");
      Answered ready = ask(at, "GET", "/readyz");
      assertEquals(200, ready.status());
      assertEquals("[+]web_IN_0 ok\n[+]flaky_IN_0 ok\nreadyz check passed\n", ready.body());

      assertEquals(202, ask(at, "POST", "/stop", show).status());
      var _ = another.await(0, "POST /stop from 127.0.0.1: stopping");
      assertEquals(0, another.exitCode());
      assertFalse(Files.exists(own.resolve(".rolehost/run/node.port")));
      assertFalse(Files.exists(own.resolve(".rolehost/run/node.token")));
    }
  }

  @Test
  void takenPort_endsTheNodeWith75BeforeAnyChild(@TempDir Path own) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(
          own.resolve("solution.conf"),
          "roles.a.command = [sleep, \"600\"]\nrolehost.profile = azure\n");
      String number = Integer.toString(taken.getLocalPort());
      try (RunningNode refused =
          RunningNode.start(own, Map.of("ROLEHOST_MANAGEMENT_PORT", number))) {
        var _ =
            refused.await(
                0,
                "could not open port "
                    + number
                    + " on 127.0.0.1 .*the process with pid "
                    + ProcessHandle.current().pid()
                    + " has it.*Nothing was started");
        assertEquals(75, refused.exitCode());
        assertTrue(refused.since(0).stream().noneMatch(line -> line.startsWith("a_IN_0")));
      }
    }
  }
}
