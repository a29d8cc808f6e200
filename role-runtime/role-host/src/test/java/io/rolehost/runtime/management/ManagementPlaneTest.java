package io.rolehost.runtime.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.journal.JournalEntry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real plane over real sockets; the host behind it is a recording one. */
@Timeout(60)
final class ManagementPlaneTest {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private static final String WITH_TOKEN =
      " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\n";

  private final RecordingHost host = new RecordingHost();

  // Each test starts it first.
  @SuppressWarnings("NullAway.Init")
  private ManagementPlane plane;

  @AfterEach
  void stop() {
    if (plane != null) {
      assertTimeoutPreemptively(Duration.ofSeconds(3), plane::close);
    }
  }

  @Test
  void probes_byFacts_haveTheirCodes() throws Exception {
    start(16);
    assertEquals("200 ok\n", brief(get("/livez")));
    assertEquals("200 ok\n", brief(get("/readyz")));
    assertEquals("200 ok\n", brief(get("/startupz")));
    host.notLive = Optional.of("the listener is dead");
    host.verdict = RecordingHost.HELD;
    host.started = false;
    assertEquals("503 [-]host the listener is dead\nlivez check failed\n", brief(get("/livez")));
    assertEquals(
        "503 [-]freeze frozen: bad release by anna\nreadyz check failed\n", brief(get("/readyz")));
    assertEquals(
        "503 [-]start onStart has not returned true yet\nstartupz check failed\n",
        brief(get("/startupz")));
    assertEquals(
        "503 {\"probe\":\"readyz\",\"ok\":false,\"reasons\":["
            + "{\"ok\":false,\"name\":\"freeze\",\"text\":\"frozen: bad release by anna\"},"
            + "{\"ok\":true,\"name\":\"check\",\"text\":\"db\"}]}",
        brief(ask("GET /readyz HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n")));
  }

  @Test
  void reads_ofEveryKind_areAnswered() throws Exception {
    start(16);
    host.happen("READY");
    assertTrue(get("/status").contains("\"state\":\"READY\""));
    String metrics = get("/metrics");
    assertTrue(metrics.contains("text/plain; version=0.0.4; charset=utf-8"), metrics);
    assertEquals("200 up 1\n", brief(metrics));
    assertEquals("200 It is ready.\nIt was never restarted.\n", brief(get("/explain")));
    assertEquals("200 {\"frozen\":false}", brief(get("/freeze")));
    assertEquals(
        "200 {\"threads\":[]}",
        brief(ask("GET /threads HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer t\r\n")));
    assertEquals(
        "200 {\"jobs\":{\"queue\":\"photos\"}}", brief(get("/operations/jobs?queue=photos")));
    String page = get("/");
    assertTrue(page.contains("Content-Security-Policy: default-src 'none'"), page);
    assertTrue(page.contains("&lt;b&gt;web"), page);
    String events = ask("GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n");
    assertTrue(events.contains("\"sequence\":1"), events);
    String head = ask("HEAD /explain HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    assertTrue(head.contains("Content-Length: 37"), head);
    assertEquals("200 ", brief(head));
  }

  @Test
  void refusals_areProblemDocuments() throws Exception {
    start(16);
    for (String[] one :
        new String[][] {
          {"GET /status HTTP/1.1\r\nHost: evil.example\r\n", "421"},
          {"GET /status HTTP/1.0\r\n", "421"},
          {"GET /none HTTP/1.1\r\nHost: localhost\r\n", "404"},
          {"PATCH /freeze HTTP/1.1\r\nHost: localhost\r\n", "405"},
          {"POST /stop HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n", "401"},
          {"GET /events?last-event-id=x HTTP/1.1\r\nHost: localhost\r\n", "400"},
          {"GET /status?%zz HTTP/1.1\r\nHost: localhost\r\n", "400"},
          {"GET /status\r\n", "400"},
          {"GET /livez HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(9000) + "\r\n", "431"},
          {"GET /livez?" + "x".repeat(5000) + " HTTP/1.1\r\nHost: a\r\n", "414"},
          {"PUT /freeze" + WITH_TOKEN + "Content-Length: 70000\r\n", "413"},
        }) {
      String answer = ask(one[0]);
      assertEquals(one[1], brief(answer).substring(0, 3), one[0]);
      assertTrue(answer.contains("application/problem+json"), answer);
      assertTrue(answer.contains("\"status\":" + one[1]), answer);
      assertTrue(answer.contains("Cache-Control: no-store"), answer);
    }
    String notAllowed = ask("PATCH /freeze HTTP/1.1\r\nHost: localhost\r\n");
    assertTrue(notAllowed.contains("GET, HEAD, PUT, DELETE"), notAllowed);
    String noToken = ask("POST /stop HTTP/1.1\r\nHost: localhost\r\n");
    assertTrue(noToken.contains("WWW-Authenticate: Bearer"), noToken);
    assertEquals(List.of(), host.calls);
  }

  @Test
  void writes_withToken_reachTheHost() throws Exception {
    start(16);
    assertEquals("202", brief(ask("POST /recycle" + WITH_TOKEN)).substring(0, 3));
    assertEquals("202", brief(ask("POST /stop" + WITH_TOKEN)).substring(0, 3));
    String restart = "POST /task?name=images%2Fresize&do=restart" + WITH_TOKEN;
    assertEquals("200", brief(ask(restart)).substring(0, 3));
    assertEquals("400", brief(ask("POST /task?name=resize&do=kick" + WITH_TOKEN)).substring(0, 3));
    assertEquals("400", brief(ask("POST /task?do=stop" + WITH_TOKEN)).substring(0, 3));
    assertEquals(
        "200 {\"stored\":true}",
        brief(
            raw("PUT /freeze" + WITH_TOKEN + "Content-Length: 2\r\nConnection: close\r\n\r\n{}")));
    String chunked = "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    assertEquals(
        "200 {\"stored\":true}",
        brief(raw("PUT /freeze" + WITH_TOKEN + chunked + "1\r\n[\r\n1\r\n]\r\n0\r\n\r\n")));
    assertEquals("200", brief(ask("DELETE /freeze?id=a" + WITH_TOKEN)).substring(0, 3));
    assertEquals("200", brief(ask("DELETE /freeze?by=anna" + WITH_TOKEN)).substring(0, 3));
    String redrive = "POST /operations/jobs?do=redrive&queue=a&by=anna" + WITH_TOKEN;
    assertEquals("202 {\"detail\":\"done\"}", brief(ask(redrive)));
    assertEquals("400", brief(ask("POST /operations/jobs?queue=a" + WITH_TOKEN)).substring(0, 3));
    assertEquals("400", brief(ask("DELETE /freeze?ID=a" + WITH_TOKEN)).substring(0, 3));
    assertEquals("400", brief(ask("DELETE /freeze?id=" + WITH_TOKEN)).substring(0, 3));
    assertEquals(
        List.of(
            "recycle POST /recycle from 127.0.0.1",
            "stop POST /stop from 127.0.0.1",
            "task RESTART images/resize POST /task from 127.0.0.1",
            "put {} HTTP from 127.0.0.1",
            "put [] HTTP from 127.0.0.1",
            "delete a - HTTP from 127.0.0.1",
            "delete - - anna, HTTP from 127.0.0.1",
            "act jobs redrive {queue=a} anna, POST /operations/jobs from 127.0.0.1"),
        host.calls);
  }

  @Test
  void http10_withoutHost_isAnsweredAndClosed() throws Exception {
    start(16);
    String answer = raw("GET /readyz HTTP/1.0\r\n\r\n");
    assertEquals("200 ok\n", brief(answer));
    assertTrue(answer.contains("Connection: close"), answer);
    String long_ = "GET /readyz HTTP/1.1\r\nX: " + "x".repeat(7900) + "\r\n";
    assertEquals("200 ok\n", brief(ask(long_)));
  }

  @Test
  void pipelined_requests_areAnsweredInOrder() throws Exception {
    start(16);
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      requests.append("GET /livez HTTP/1.1\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n");
    }
    requests.append("GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    String answers = raw(requests.toString());
    List<String> bodies = new ArrayList<>();
    for (String answer : answers.split("(?=HTTP/1.1 )", -1)) {
      if (!answer.isEmpty()) {
        bodies.add(brief(answer).substring(0, 6));
      }
    }
    assertEquals(601, bodies.size());
    assertEquals(List.of("200 ok", "200 up", "404 {\""), bodies.subList(598, 601));
  }

  @Test
  void scrape_hangingGauge_leavesEverythingElseWorking() throws Exception {
    start(16);
    CountDownLatch hang = new CountDownLatch(1);
    CountDownLatch hanging = new CountDownLatch(2);
    host.metrics =
        () -> {
          hanging.countDown();
          try {
            hang.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          return "late 1\n";
        };
    try (Socket first = open("GET /metrics HTTP/1.1\r\n\r\n");
        Socket second = open("GET /metrics HTTP/1.1\r\n\r\n")) {
      hanging.await();
      String third = get("/metrics");
      assertEquals("503", brief(third).substring(0, 3));
      assertTrue(third.contains("Retry-After: 1"), third);
      assertEquals("200 ok\n", brief(get("/livez")));
      assertEquals("200", brief(get("/status")).substring(0, 3));
      hang.countDown();
      assertTrue(line(first).contains("200"));
      assertTrue(line(second).contains("200"));
    }
  }

  @Test
  void headers_notWholeIn5s_areRefused_slow() throws Exception {
    start(16);
    try (Socket silent = open("");
        Socket slow = open("GET /livez HTTP/1.1\r\nX-A: b")) {
      String answer = all(slow);
      assertEquals("408", brief(answer).substring(0, 3));
      assertEquals("", all(silent));
    }
  }

  @Test
  void connections_pastTheLimit_costTheOneIdleLongest() throws Exception {
    start(3);
    try (Socket stream = open("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Socket eldest = open("GET /livez HTTP/1.1\r\n\r\n");
        Socket younger = open("GET /livez HTTP/1.1\r\n\r\n")) {
      assertTrue(line(stream).contains("200"));
      readUntil(eldest, "ok\n");
      readUntil(younger, "ok\n");
      younger.getOutputStream().write("GET /livez HTTP/1.1\r\n\r\n".getBytes(UTF_8));
      readUntil(younger, "ok\n");
      assertEquals("200 ok\n", brief(get("/livez")));
      assertEquals(-1, eldest.getInputStream().read());
      younger.getOutputStream().write("GET /livez HTTP/1.1\r\n\r\n".getBytes(UTF_8));
      readUntil(younger, "ok\n");
      host.happen("DRAINING");
      readUntil(stream, "\"to\":\"DRAINING\"");
    }
  }

  @Test
  void events_resumed_goOnBehindTheLastIdAndEndWithThePlane() throws Exception {
    start(16);
    for (int i = 1; i <= 200; i++) {
      host.happen("S" + i);
    }
    try (Socket fresh = open("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Socket resumed =
            open("GET /events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 50\r\n\r\n");
        Socket stale = open("GET /events?last-event-id=900 HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      String replay = readUntil(resumed, "id: 200\n");
      assertFalse(replay.contains("id: 50\n"), replay);
      assertTrue(replay.contains("id: 51\nevent: transition\ndata: {"), replay);
      readUntil(fresh, "retry: 1000\n\n");
      host.happen("STOPPING");
      assertTrue(readUntil(fresh, "STOPPING\"").contains("id: 201\n"));
      readUntil(stale, "id: 201\n");
      readUntil(resumed, "STOPPING\"");
      host.journal.subList(0, 201).clear();
      host.journal.add(
          new JournalEntry(
              210, Instant.EPOCH, 0, 7, "end", "STOPPED", "STOPPED", "last", Map.of()));
      plane.close();
      String rest = all(fresh);
      assertTrue(rest.contains("event: gap\ndata: {"), rest);
      assertTrue(rest.contains("id: 210\nevent: end\n"), rest);
      assertEquals(List.of(), host.listeners);
    }
  }

  @Test
  void events_slowReader_isClosedAndHoldsNobody_slow() throws Exception {
    start(16);
    String big = "x".repeat(20_000);
    try (Socket slow = new Socket()) {
      slow.setReceiveBufferSize(4096);
      slow.connect(new InetSocketAddress(LOOPBACK, plane.port()));
      slow.getOutputStream()
          .write("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      readUntil(slow, "retry: 1000\n\n");
      for (int i = 0; i < 500; i++) {
        host.happen(big);
        if (i % 50 == 0) {
          assertEquals("200 ok\n", brief(get("/readyz")));
        }
      }
      // The plane reads on, so that only its closing ends this.
      CountDownLatch pause = new CountDownLatch(1);
      assertThrows(
          IOException.class,
          () -> {
            while (!pause.await(100, TimeUnit.MILLISECONDS)) {
              slow.getOutputStream().write('x');
            }
          });
    }
  }

  @Test
  void agentCheck_byState_saysOneLine() throws Exception {
    start(16);
    assertEquals("up ready 100%\n", agent());
    host.verdict = RecordingHost.HELD;
    assertEquals("maint\n", agent());
  }

  @Test
  void port_taken_isSaidOrSearchedOn() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(LOOPBACK, 0));
      int port = taken.getLocalPort();
      PortTaken thrown =
          assertThrows(
              PortTaken.class,
              () ->
                  ManagementPlane.start(
                      settings(port, false, 16), host, ManagementTokens.one("t")));
      assertEquals(port, thrown.port());
      String message = String.valueOf(thrown.getMessage());
      assertTrue(message.contains("rolehost.management.port"), message);
      assertTrue(message.contains("pid " + ProcessHandle.current().pid() + " has it"), message);
      plane = ManagementPlane.start(settings(port, true, 16), host, ManagementTokens.one("t"));
      assertTrue(plane.port() > port && plane.port() <= port + 100);
    }
  }

  @Test
  void host_thatNobodyKnows_isSaidSo() {
    HostSettings.Management unknown =
        new HostSettings.Management(
            "256.1.1.1",
            0,
            false,
            HostSettings.Tokens.NONE,
            List.of(),
            16,
            Optional.empty(),
            Optional.empty());
    PortTaken thrown =
        assertThrows(
            PortTaken.class, () -> ManagementPlane.start(unknown, host, ManagementTokens.one("t")));
    String message = String.valueOf(thrown.getMessage());
    assertTrue(message.contains("256.1.1.1 is neither an address nor a name"), message);
    assertTrue(message.contains("rolehost.management.host"), message);
  }

  @Test
  @Tag("long")
  @Timeout(180)
  void crowd_10000PastTheLimit_doesNotStarveAProbe() throws Exception {
    int many = 10_000;
    assumeTrue(freeDescriptors() > many + 1_000, "too few file descriptors");
    crowd(many, 256);
  }

  @Test
  @Tag("long")
  @Timeout(180)
  void crowd_withinTheLimit_doesNotStarveAProbe() throws Exception {
    // Both ends are in this process.
    int many = (int) Math.min(10_000, (freeDescriptors() - 1_000) / 2);
    assumeTrue(many > 2_000, "too few file descriptors");
    crowd(many, many + 100);
  }

  private static long freeDescriptors() {
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
  }

  /** Half of them send nothing, half begin a request and do not end it. */
  private void crowd(int many, int limit) throws Exception {
    start(limit);
    List<SocketChannel> crowd = new ArrayList<>();
    try {
      for (int i = 0; i < many; i++) {
        SocketChannel one = SocketChannel.open(new InetSocketAddress(LOOPBACK, plane.port()));
        crowd.add(one);
        if (i % 2 == 0) {
          one.write(ByteBuffer.wrap("GET /readyz HTTP/1.1\r\nX".getBytes(UTF_8)));
        }
        if (i % 100 == 0) {
          assertTimeoutPreemptively(
              Duration.ofSeconds(5), () -> assertEquals("200 ok\n", brief(get("/readyz"))));
        }
      }
    } finally {
      for (SocketChannel one : crowd) {
        one.close();
      }
    }
  }

  private void start(int maxConnections) throws PortTaken {
    plane =
        ManagementPlane.start(settings(0, false, maxConnections), host, ManagementTokens.one("t"));
  }

  private static HostSettings.Management settings(int port, boolean search, int maxConnections) {
    return new HostSettings.Management(
        "127.0.0.1",
        port,
        search,
        HostSettings.Tokens.NONE,
        List.of(),
        maxConnections,
        Optional.of(0),
        Optional.empty());
  }

  private String get(String path) throws IOException {
    return ask("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + plane.port() + "\r\n");
  }

  private String ask(String head) throws IOException {
    return raw(head + "Connection: close\r\n\r\n");
  }

  private String raw(String request) throws IOException {
    try (Socket socket = open(request)) {
      return all(socket);
    }
  }

  private Socket open(String request) throws IOException {
    Socket socket = new Socket(LOOPBACK, plane.port());
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write(request.getBytes(UTF_8));
    return socket;
  }

  private String agent() throws IOException {
    try (Socket socket = new Socket(LOOPBACK, plane.agentCheckPort().orElseThrow())) {
      socket.getOutputStream().write("hello\n".getBytes(UTF_8));
      return all(socket);
    }
  }

  private static String all(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), UTF_8);
  }

  private static String line(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
  }

  private static String readUntil(Socket socket, String end) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder read = new StringBuilder();
    while (read.length() < end.length()
        || !read.substring(read.length() - end.length()).equals(end)) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended before " + end + ": " + read);
      }
      read.append((char) next);
    }
    return read.toString();
  }

  /** Returns code and body. */
  private static String brief(String answer) {
    int body = answer.indexOf("\r\n\r\n");
    return answer.substring(9, 12) + " " + (body < 0 ? "" : answer.substring(body + 4));
  }
}
