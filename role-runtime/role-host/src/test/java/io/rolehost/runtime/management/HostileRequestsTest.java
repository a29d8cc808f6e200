package io.rolehost.runtime.management;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.process.HostileRequests;
import io.rolehost.runtime.process.HostileRequests.Hostile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What somebody means harm with, over real sockets: it has no effect and holds nothing up. */
@Timeout(60)
final class HostileRequestsTest {

  private static final String ADMIN = "Authorization: Bearer adm1n\r\n";
  private static final RecordingHost HOST = new RecordingHost();

  // Started before the first test.
  @SuppressWarnings("NullAway.Init")
  private static ManagementPlane plane;

  @BeforeAll
  static void start() throws PortTaken {
    plane =
        ManagementPlane.start(
            new HostSettings.Management(
                "127.0.0.1",
                0,
                false,
                HostSettings.Tokens.NONE,
                List.of(),
                64,
                Optional.empty(),
                Optional.empty()),
            HOST,
            new ManagementTokens(Optional.of("r3ad"), Optional.of("op3rate"), "adm1n"));
  }

  @AfterAll
  static void stop() {
    plane.close();
  }

  /** With a token that may do everything, so that only the form of the request is in the way. */
  static List<Hostile> malformed() {
    return HostileRequests.to("/recycle", ADMIN);
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void request_thatTwoServersMayReadDifferently_isRefusedAndEndsTheConnection(Hostile hostile)
      throws IOException {
    String second = HostileRequests.SECOND.replace("/smuggled", "/stop");
    String answers = send(hostile.bytes() + second.replace("\r\n\r\n", "\r\n" + ADMIN + "\r\n"));
    List<String> all = List.of(answers.split("(?=HTTP/1\\.1 \\d)"));
    assertEquals(1, all.size(), answers);
    assertTrue(answers.matches("(?s)HTTP/1\\.1 (400|413|501|505) .*"), answers);
    assertTrue(answers.contains("\r\nConnection: close\r\n"), answers);
    assertEquals(List.of(), HOST.calls);
  }

  static List<String> mutations() {
    return List.of(
        "PUT /freeze",
        "DELETE /freeze",
        "POST /task?name=a&do=restart",
        "POST /operations/jobs?do=redrive",
        "POST /recycle",
        "POST /stop",
        "GET /threads");
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void mutation_withoutTheRightToken_hasNoEffect(String mutation) throws IOException {
    boolean reads = mutation.startsWith("GET");
    String joined = mutation.contains("?") ? "&" : "?";
    List<String> found = new ArrayList<>();
    for (String headers :
        new String[] {
          "",
          "Authorization: Bearer wrong\r\n",
          "Authorization: Bearer r3ad\r\n",
          "Authorization: Bearer \r\n",
          "Authorization: adm1n\r\n",
          "Authorization: Basic YWRtMW46YWRtMW4=\r\n",
          "X-Authorization: Bearer adm1n\r\n",
          "Cookie: token=adm1n\r\n",
          ADMIN + "Authorization: Bearer wrong\r\n",
          "Authorization: Bearer wrong\r\n" + ADMIN
        }) {
      found.add(status(request(mutation, "localhost", headers)));
    }
    found.add(status(request(mutation + joined + "token=adm1n", "localhost", "")));
    found.add(status(request(mutation + joined + "access_token=adm1n", "localhost", "")));
    assertEquals(
        List.of("401", "401", "403", "401", "401", "401", "401", "401", "400", "400", "401", "401"),
        found);
    assertEquals("421", status(request(mutation, "evil.example", ADMIN)));
    if (!reads) {
      assertEquals(
          "403", status(request(mutation, "localhost", ADMIN + "Origin: http://evil.example\r\n")));
      assertEquals("403", status(request(mutation, "localhost", "Sec-Fetch-Site: cross-site\r\n")));
      assertEquals(
          "415",
          status(
              request(
                  mutation, "localhost", "Content-Type: application/x-www-form-urlencoded\r\n")));
    }
    assertEquals(List.of(), HOST.calls);
  }

  @Test
  void target_inAnyDisguise_isNoWayAroundTheToken() throws IOException {
    for (String target :
        List.of(
            "/%73top",
            "/%2e%2e/stop",
            "/x/../stop",
            "/./stop",
            "//stop",
            "/stop/",
            "/stop%00",
            "/stop;x",
            "/%c0%ae%c0%ae/stop",
            "/STOP",
            "http://localhost/stop",
            "http://localhost:1/stop",
            "http://user@localhost/stop",
            "http://evil.example/stop",
            "*")) {
      String status = status(request("POST " + target, "localhost", ""));
      assertTrue(List.of("400", "401", "404", "421").contains(status), target + ": " + status);
    }
    assertEquals(List.of(), HOST.calls);
  }

  @Test
  void tooLargeOrTooMany_areRefused_andNoProbeWaits() throws Exception {
    assertEquals("414", status(request("GET /" + "x".repeat(5_000), "localhost", ADMIN)));
    assertEquals(
        "431", status(request("GET /livez", "localhost", "X: " + "x".repeat(9_000) + "\r\n")));
    assertEquals(
        "413", status(request("PUT /freeze", "localhost", ADMIN + "Content-Length: 9999999\r\n")));
    StringBuilder flood = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      flood.append("POST /stop HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    try (Socket flooding = new Socket(InetAddress.getLoopbackAddress(), plane.port())) {
      flooding.getOutputStream().write(flood.toString().getBytes(ISO_8859_1));
      assertEquals("200", status(request("GET /livez", "localhost", "")));
    }
    assertEquals(List.of(), HOST.calls);
  }

  /** Last of a plane of its own, since all that is refused here counts against one budget. */
  @Test
  void attempts_thatAreRefused_areWrittenDownAndCanNotFillADisk() throws Exception {
    RecordingHost host = new RecordingHost();
    try (ManagementPlane own =
        ManagementPlane.start(
            new HostSettings.Management(
                "127.0.0.1",
                0,
                false,
                HostSettings.Tokens.NONE,
                List.of(),
                64,
                Optional.empty(),
                Optional.empty()),
            host,
            new ManagementTokens(Optional.empty(), Optional.of("op3rate"), "adm1n"))) {
      for (int i = 0; i < 50; i++) {
        String token = i == 0 ? "Authorization: Bearer op3rate\r\n" : "";
        assertEquals(
            i == 0 ? "403" : "401",
            status(send(own, one("POST /stop?token=adm1n", "localhost", token))));
      }
      String operate = "Authorization: Bearer op3rate\r\n";
      String task = "POST /task?name=a&do=restart&by=anna&password=hunter2";
      assertEquals("200", status(send(own, one(task, "localhost", operate))));
      await(() -> host.audit.size() >= RefusalBudget.BURST + 1);
      assertEquals(
          "POST /stop by operate token from 127.0.0.1: refused (403)",
          host.audit.getFirst().sentence());
      assertEquals(
          "POST /stop by no token from 127.0.0.1: refused (401)", host.audit.get(1).sentence());
      assertEquals(
          "POST /task name=a&do=restart&password=*** by operate token from 127.0.0.1,"
              + " who says to be anna: done (200); 40 refusals before it were not written down",
          host.audit.getLast().sentence());
      assertEquals(RefusalBudget.BURST + 1, host.audit.size());
      assertFalse(host.audit.toString().contains("adm1n"), host.audit.toString());
      assertFalse(host.audit.toString().contains("hunter2"), host.audit.toString());
    }
  }

  @Test
  void budget_whenItIsSpent_getsOneAMinute() {
    RefusalBudget budget = new RefusalBudget();
    long minute = Duration.ofMinutes(1).toNanos();
    List<Long> told = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      budget.spend(0).ifPresent(told::add);
    }
    assertEquals(RefusalBudget.BURST, told.size());
    assertTrue(budget.spend(minute - 1).isEmpty());
    assertEquals(91, budget.spend(minute).orElse(-1));
    assertTrue(budget.spend(minute).isEmpty());
    assertEquals(1, budget.takeUnsaid());
    assertEquals(0, budget.takeUnsaid());
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "did not come true within 20 s");
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static String request(String line, String host, String headers) throws IOException {
    return send(one(line, host, headers));
  }

  private static String one(String line, String host, String headers) {
    return line + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "Connection: close\r\n\r\n";
  }

  private static String status(String answer) {
    return answer.length() < 12 ? answer : answer.substring(9, 12);
  }

  private static String send(String bytes) throws IOException {
    return send(plane, bytes);
  }

  private static String send(ManagementPlane to, String bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (SocketException reset) {
      throw new IOException("no answer that could be read", reset);
    }
  }
}
