package io.rolehost.runtime.endpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.rolehost.api.EndpointServer;
import io.rolehost.api.http.BodyTooLargeException;
import io.rolehost.api.http.HttpHandler;
import io.rolehost.api.http.HttpRequest;
import io.rolehost.api.http.HttpResponse;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.config.HostSettings.EndpointLimits;
import io.rolehost.runtime.config.HostSettings.EndpointSettings;
import io.rolehost.runtime.process.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The listener over real sockets. */
@Timeout(60)
final class EndpointsTest {

  private static final int MAX_BODY = 200_000;

  private final Map<Integer, Integer> answered = new ConcurrentHashMap<>();
  private final List<Throwable> thrown = new CopyOnWriteArrayList<>();
  private final List<Endpoints> toClose = new ArrayList<>();

  @AfterEach
  void closeAll() {
    toClose.forEach(Endpoints::close);
  }

  private static EndpointSettings settings(int port) {
    return new EndpointSettings(
        "http", "http", "127.0.0.1", port, false, false, MAX_BODY, EndpointLimits.USUAL);
  }

  private Endpoints declared(EndpointSettings settings, HttpLimits limits) {
    var endpoints =
        new Endpoints(
            Map.of(settings.name(), settings),
            new SystemTime(),
            thrown::add,
            _ -> status -> answered.merge(status, 1, Integer::sum),
            _ -> limits);
    toClose.add(endpoints);
    return endpoints;
  }

  private Endpoints open(HttpHandler handler, HttpLimits limits) throws EndpointOpenException {
    Endpoints endpoints = declared(settings(0), limits);
    endpoints.get("http").serve(handler);
    endpoints.open();
    return endpoints;
  }

  private Endpoints open(HttpHandler handler) throws EndpointOpenException {
    return open(handler, HttpLimits.USUAL);
  }

  private static RawClient client(Endpoints endpoints) throws IOException {
    return new RawClient(endpoints.get("http").port());
  }

  private static String post(String headers) {
    return "POST / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n\r\n";
  }

  private static HttpResponse echo(HttpRequest request) throws IOException {
    return HttpResponse.bytes(200, "application/octet-stream", request.body().readAllBytes());
  }

  private static HttpLimits limits(Duration short_, int connections) {
    return new HttpLimits(
        short_, short_, short_, short_, Duration.ofSeconds(5), Duration.ofMillis(500), connections);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "did not come true within 20 s");
      LockSupport.parkNanos(200_000);
    }
  }

  // ---- requests and answers

  @Test
  void request_takenApart_isWhatTheClientSent() throws Exception {
    var seen = new CompletableFuture<List<Object>>();
    Endpoints endpoints =
        open(request -> {
          seen.complete(
              List.of(
                  request.method(),
                  request.path(),
                  request.query("q"),
                  request.query("none"),
                  request.header("X-One"),
                  request.contentLength(),
                  Thread.currentThread().isVirtual(),
                  Thread.currentThread().getName()));
          return HttpResponse.text(200, "hällo").header("X-Two", "2");
        });
    try (RawClient client = client(endpoints)) {
      client.send("GET http://a/a%20b/c?q=1%2B1&q=2 HTTP/1.1\r\nHost: a\r\nx-oNe: 1\r\n\r\n");
      RawClient.Answer answer = client.answer();
      assertEquals(200, answer.status());
      assertArrayEquals("hällo".getBytes(UTF_8), answer.body());
      assertEquals("2", answer.header("x-two").orElseThrow());
      assertTrue(answer.header("date").orElseThrow().endsWith(" GMT"));
      assertFalse(answer.closes());
    }
    assertEquals(
        "[GET, /a b/c, Optional[1+1], Optional.empty, Optional[1], OptionalLong[0], true,"
            + " endpoint-http-1]",
        seen.get().toString());
  }

  @Test
  void requests_pipelined_areAnsweredInOrder() throws Exception {
    Endpoints endpoints = open(request -> HttpResponse.text(200, request.path()));
    try (RawClient client = client(endpoints)) {
      var all = new StringBuilder();
      for (int i = 0; i < 1000; i++) {
        all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
      }
      client.send(all.toString());
      for (int i = 0; i < 1000; i++) {
        assertEquals("/" + i, client.answer().text());
      }
    }
    assertEquals(1000, endpoints.facts().getFirst().served());
  }

  @Test
  void http10_withAndWithoutKeepAlive_isAnsweredAsAsked() throws Exception {
    Endpoints endpoints = open(_ -> HttpResponse.text(200, "x"));
    try (RawClient client = client(endpoints)) {
      client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      assertEquals("keep-alive", client.answer().header("connection").orElseThrow());
      client.send("GET / HTTP/1.0\r\n\r\n");
      assertTrue(client.answer().closes());
      assertTrue(client.ended());
    }
  }

  @Test
  void answer_writtenWhileItIsSent_comesPieceByPieceAndEndsAtTheDrain() throws Exception {
    Semaphore next = new Semaphore(0);
    CountDownLatch left = new CountDownLatch(1);
    Endpoints endpoints =
        open(_ ->
            HttpResponse.stream(
                200,
                "text/event-stream",
                out -> {
                  out.send("one".getBytes(UTF_8));
                  next.acquire();
                  out.send("two".getBytes(UTF_8));
                  while (!out.leaving()) {
                    LockSupport.parkNanos(1_000_000);
                  }
                  out.send("end".getBytes(UTF_8));
                  left.countDown();
                }));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(endpoints))) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));
      String begun = readUntil(socket, "one");
      assertTrue(begun.startsWith("HTTP/1.1 200 OK"), begun);
      assertFalse(begun.toLowerCase(Locale.ROOT).contains("content-length"), begun);
      next.release();
      assertEquals("two", readUntil(socket, "two"));
      assertEquals(1, endpoints.inFlight());
      endpoints.drain();
      assertEquals("end", new String(socket.getInputStream().readAllBytes(), UTF_8));
    }
    await(() -> endpoints.inFlight() == 0);
    assertEquals(0, left.getCount());
  }

  @Test
  void answer_writtenForAClientThatLeft_ends() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    Endpoints endpoints =
        open(_ ->
            HttpResponse.stream(
                200,
                "text/event-stream",
                out -> {
                  out.send("one".getBytes(UTF_8));
                  while (!out.leaving()) {
                    LockSupport.parkNanos(1_000_000);
                  }
                  left.countDown();
                }));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(endpoints))) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));
      var _ = readUntil(socket, "one");
      socket.setSoLinger(true, 0);
    }
    assertTrue(left.await(20, TimeUnit.SECONDS));
    await(() -> endpoints.inFlight() == 0);
  }

  private static int port(Endpoints endpoints) {
    return endpoints.get("http").port();
  }

  private static String readUntil(Socket socket, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (!text.toString().endsWith(end)) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("ended after " + text);
      }
      text.append((char) next);
    }
    return text.toString();
  }

  @Test
  void head_ofAPage_hasItsLengthAndNoBody() throws Exception {
    Endpoints endpoints = open(_ -> HttpResponse.text(200, "12345"));
    try (RawClient client = client(endpoints)) {
      client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals("5", client.answer(false).header("content-length").orElseThrow());
      assertEquals("12345", client.get("/").answer().text());
    }
  }

  @Test
  void answer_withoutBody_hasNoLength() throws Exception {
    Endpoints endpoints = open(_ -> HttpResponse.of(204));
    try (RawClient client = client(endpoints)) {
      assertEquals(Set.of("date"), client.get("/").answer().headers().keySet());
      assertEquals(204, client.get("/").answer().status());
    }
  }

  @Test
  void answer_large_arrivesWhole(@TempDir Path folder) throws Exception {
    byte[] content = new byte[5_000_017];
    new Random(1).nextBytes(content);
    Path file = Files.write(folder.resolve("file"), content);
    Path empty = Files.createFile(folder.resolve("empty"));
    Endpoints endpoints =
        open(request ->
            switch (request.path()) {
              case "/bytes" -> HttpResponse.bytes(200, "x/y", content);
              case "/file" -> HttpResponse.file(200, "x/y", file);
              case "/empty" -> HttpResponse.file(200, "x/y", empty);
              default -> HttpResponse.file(200, "x/y", folder.resolve("missing"));
            });
    try (RawClient client = client(endpoints)) {
      assertArrayEquals(content, client.get("/bytes").answer().body());
      assertArrayEquals(content, client.get("/file").answer().body());
      assertEquals(0, client.get("/empty").answer().body().length);
      client.send("HEAD /file HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals("5000017", client.answer(false).header("content-length").orElseThrow());
      assertEquals(500, client.get("/missing").answer().status());
      assertEquals(200, client.get("/empty").answer().status());
    }
  }

  @Test
  @SuppressWarnings("NullAway") // a role need not be null-checked
  void handler_throwing_isAnsweredWithAProblemThatHidesTheCause() throws Exception {
    Endpoints endpoints =
        open(request -> {
          if (request.path().equals("/null")) {
            return null;
          }
          throw new IllegalStateException("secret");
        });
    try (RawClient client = client(endpoints)) {
      RawClient.Answer answer = client.get("/").answer();
      assertEquals(500, answer.status());
      assertEquals("application/problem+json", answer.header("content-type").orElseThrow());
      assertFalse(answer.text().contains("secret"));
      assertEquals(500, client.get("/null").answer().status());
      assertFalse(answer.closes());
    }
    assertEquals(
        List.of("secret", "the handler returned null"),
        thrown.stream().map(Throwable::getMessage).toList());
  }

  @Test
  void handler_outOfMemory_isTold() throws Exception {
    Endpoints endpoints =
        open(_ -> {
          throw new IllegalStateException(new OutOfMemoryError("test"));
        });
    try (RawClient client = client(endpoints)) {
      assertEquals(500, client.get("/").answer().status());
    }
    assertEquals("test", requireNonNull(thrown.getFirst().getCause()).getMessage());
  }

  @Test
  void answer_withABrokenHeader_isA500() throws Exception {
    Endpoints endpoints = open(_ -> HttpResponse.of(200).header("X", "a\r\nY: b"));
    try (RawClient client = client(endpoints)) {
      assertEquals(500, client.get("/").answer().status());
    }
  }

  @Test
  void requests_malformed_areRefusedInWordsAndTheConnectionEnds() throws Exception {
    Endpoints endpoints = open(EndpointsTest::echo);
    var cases =
        List.of(
            Map.entry("GET\r\n\r\n", 400),
            Map.entry("GET / HTTP/1.1\r\n\r\n", 400),
            Map.entry("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            Map.entry("GET x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            Map.entry("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            Map.entry("GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n", 400),
            Map.entry(post("Transfer-Encoding: chunked") + "zz\r\n", 400),
            Map.entry(post("Transfer-Encoding: gzip"), 400),
            Map.entry(post("Transfer-Encoding: gzip, chunked"), 501),
            Map.entry(post("Content-Length: 1\r\nContent-Length: 2"), 400),
            Map.entry(post("Content-Length: -1"), 400),
            Map.entry(post("Expect: money\r\nContent-Length: 1"), 417),
            Map.entry("GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414),
            Map.entry("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(20_000) + "\r\n\r\n", 431));
    for (Map.Entry<String, Integer> one : cases) {
      try (RawClient client = client(endpoints)) {
        RawClient.Answer answer = client.send(one.getKey()).answer();
        assertEquals(one.getValue(), answer.status(), one.getKey());
        assertEquals("application/problem+json", answer.header("content-type").orElseThrow());
        assertTrue(answer.closes());
        assertTrue(client.ended());
      }
    }
    await(() -> endpoints.inFlight() == 0);
    assertEquals(Map.of(400, 10, 501, 1, 417, 1, 414, 1, 431, 1), answered);
  }

  // ---- bodies

  @Test
  void body_byLengthAndInChunks_arrivesWhole() throws Exception {
    Endpoints endpoints = open(EndpointsTest::echo);
    byte[] content = new byte[MAX_BODY];
    new Random(2).nextBytes(content);
    try (RawClient client = client(endpoints)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + MAX_BODY + "\r\n\r\n");
      client.send(content);
      assertArrayEquals(content, client.answer().body());
      client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int at = 0; at < MAX_BODY; at += 1000) {
        client.send("3e8\r\n").send(Arrays.copyOfRange(content, at, at + 1000)).send("\r\n");
      }
      client.send("0\r\n\r\n");
      assertArrayEquals(content, client.answer().body());
      assertEquals("", client.get("/").answer().text());
    }
  }

  /** Two lengths: a proxy in front might believe the other one, and see another request. */
  @Test
  void body_withLengthAndChunks_neverLeavesAnotherRequestBehind() throws Exception {
    Endpoints endpoints = open(EndpointsTest::echo);
    try (RawClient client = client(endpoints)) {
      String smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
      client.send(
          "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
              + smuggled);
      RawClient.Answer answer = client.answer();
      assertEquals(400, answer.status());
      assertTrue(answer.closes());
      assertTrue(client.ended());
    }
  }

  @Test
  void body_notReadByTheHandler_doesNotDisturbTheNextRequest() throws Exception {
    Endpoints endpoints = open(request -> HttpResponse.text(200, request.path()));
    try (RawClient client = client(endpoints)) {
      client.send("POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
      assertEquals("/1", client.answer().text());
    }
    try (RawClient client = client(endpoints)) {
      client.send("POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 150000\r\n\r\nhello");
      RawClient.Answer answer = client.answer();
      assertEquals("/2", answer.text());
      assertTrue(answer.closes(), "the rest of the body is not waited for");
      client.send(new byte[140_000]);
      assertTrue(client.ended(), "no reset while the client still sends");
    }
  }

  @Test
  void body_announcedTooLarge_isRefusedBeforeItComes() throws Exception {
    Endpoints endpoints = open(EndpointsTest::echo);
    try (RawClient client = client(endpoints)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200001\r\n\r\n");
      RawClient.Answer answer = client.answer();
      assertEquals(413, answer.status());
      assertTrue(answer.text().contains("200000"), answer.text());
      assertTrue(client.ended());
    }
  }

  @Test
  void body_growingTooLarge_isThrownToTheHandler() throws Exception {
    var seen = new CompletableFuture<Throwable>();
    Endpoints endpoints =
        open(request -> {
          try {
            return echo(request);
          } catch (IOException e) {
            seen.complete(e);
            throw e;
          }
        });
    try (RawClient client = client(endpoints)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("30d41\r\n").send(new byte[200_001]).send("\r\n");
      assertEquals(413, client.answer().status());
      assertTrue(client.ended());
    }
    assertEquals(BodyTooLargeException.class, seen.get().getClass());
  }

  @Test
  void body_expectingContinue_isAskedForWhenTheHandlerReads() throws Exception {
    Endpoints endpoints =
        open(request -> request.path().equals("/no") ? HttpResponse.of(403) : echo(request));
    String head = " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
    try (RawClient client = client(endpoints)) {
      assertEquals(100, client.send("POST /" + head).answer().status());
      assertEquals("abc", client.send("abc").answer().text());
      RawClient.Answer refused = client.send("POST /no" + head).answer();
      assertEquals(403, refused.status());
      assertTrue(refused.closes());
    }
  }

  @Test
  void body_thatNobodyReads_pushesBackOnTheClient() throws Exception {
    var reading = new Semaphore(0);
    var endpoints =
        new Endpoints(
            Map.of(
                "http",
                new EndpointSettings(
                    "http", "http", "127.0.0.1", 0, false, false, 1L << 40, EndpointLimits.USUAL)),
            new SystemTime(),
            thrown::add,
            _ -> _ -> {});
    toClose.add(endpoints);
    endpoints
        .get("http")
        .serve(request -> {
          assertEquals(0, request.body().read());
          reading.acquire();
          return HttpResponse.text(200, "" + (1 + request.body().readAllBytes().length));
        });
    endpoints.open();
    int size = 30_000_000;
    try (RawClient client = client(endpoints);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + size + "\r\n\r\n");
      Future<?> sent = executor.submit(() -> client.send(new byte[size]));
      assertThrows(TimeoutException.class, () -> sent.get(300, TimeUnit.MILLISECONDS));
      reading.release();
      assertEquals("" + size, client.answer().text());
      sent.get();
    }
  }

  @Test
  void body_ofAClientThatGoesAway_isAnIoException() throws Exception {
    var seen = new CompletableFuture<Throwable>();
    Endpoints endpoints =
        open(request -> {
          try {
            return echo(request);
          } catch (IOException e) {
            seen.complete(e);
            throw e;
          }
        });
    try (RawClient client = client(endpoints)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello");
      await(() -> endpoints.inFlight() == 1);
    }
    assertTrue(seen.get().toString().contains("went away"), seen.get().toString());
    await(() -> endpoints.inFlight() == 0);
  }

  @Test
  void body_ofAClientThatStalls_isAnsweredWith408() throws Exception {
    Endpoints endpoints = open(EndpointsTest::echo, limits(Duration.ofMillis(200), 100));
    try (RawClient client = client(endpoints)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello");
      assertEquals(408, client.answer().status());
      assertTrue(client.ended());
    }
  }

  @Test
  void client_halfClosingAfterItsRequest_isAnswered() throws Exception {
    var go = new CountDownLatch(1);
    Endpoints endpoints =
        open(request -> {
          go.await();
          return echo(request);
        });
    try (RawClient client = client(endpoints)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
      client.endOutput();
      go.countDown();
      assertEquals("hello", client.answer().text());
      assertTrue(client.ended());
    }
  }

  // ---- limits

  @Test
  void headers_tooSlow_areAnsweredWith408() throws Exception {
    Endpoints endpoints = open(EndpointsTest::echo, limits(Duration.ofMillis(200), 100));
    try (RawClient client = client(endpoints);
        RawClient silent = client(endpoints)) {
      assertEquals(408, client.send("GET / HTTP/1.1\r\nHo").answer().status());
      assertTrue(client.ended());
      assertTrue(silent.ended());
    }
  }

  @Test
  void client_notTakingItsAnswer_isDropped() throws Exception {
    byte[] large = new byte[50_000_000];
    Endpoints endpoints =
        open(_ -> HttpResponse.bytes(200, "x/y", large), limits(Duration.ofMillis(300), 100));
    try (RawClient client = client(endpoints)) {
      client.get("/");
      await(() -> endpoints.facts().getFirst().served() == 1);
      await(() -> endpoints.inFlight() == 0);
      assertThrows(IOException.class, client::answer);
    }
  }

  @Test
  void connections_overTheLimit_pushOutTheIdleOne() throws Exception {
    Endpoints endpoints = open(_ -> HttpResponse.text(200, "x"), limits(Duration.ofSeconds(60), 2));
    try (RawClient first = client(endpoints);
        RawClient second = client(endpoints)) {
      first.get("/").answer();
      second.send("GET / HTTP/1.1\r\nHo"); // not idle: in the middle of a request
      try (RawClient third = client(endpoints)) {
        assertEquals(200, third.get("/").answer().status());
        assertTrue(first.ended());
      }
    }
  }

  // ---- declaring and opening

  @Test
  void get_unknownName_namesTheKnownOnes() {
    Endpoints endpoints = declared(settings(0), HttpLimits.USUAL);
    assertEquals(
        "There is no endpoint \"htpp\": declare it under rolehost.endpoints.htpp, or use one of"
            + " http",
        assertThrows(IllegalArgumentException.class, () -> endpoints.get("htpp")).getMessage());
  }

  @Test
  void serve_twiceOrWhenOpen_isRefused() throws Exception {
    Endpoints endpoints = open(EndpointsTest::echo);
    assertEquals(
        "rolehost.endpoints.http is served already; one endpoint has one handler or one server",
        assertThrows(
                IllegalStateException.class, () -> endpoints.get("http").serve(EndpointsTest::echo))
            .getMessage());
  }

  @Test
  void open_servedByNobody_failsWithWhatToDo() {
    Endpoints endpoints = declared(settings(0), HttpLimits.USUAL);
    EndpointOpenException e = assertThrows(EndpointOpenException.class, endpoints::open);
    assertEquals(
        "rolehost.endpoints.http is declared, and the role does not serve it: call"
            + " context.endpoint(\"http\").serve(…) in onStart or onApplicationStart, or remove"
            + " rolehost.endpoints.http",
        e.getMessage());
    assertFalse(e.isPortTaken());
  }

  @Test
  void open_portTaken_namesWhoHasIt() throws Exception {
    Endpoints first = open(EndpointsTest::echo);
    int port = first.get("http").port();
    Endpoints second = declared(settings(port), HttpLimits.USUAL);
    second.get("http").serve(EndpointsTest::echo);
    EndpointOpenException e = assertThrows(EndpointOpenException.class, second::open);
    assertTrue(e.isPortTaken());
    assertEquals(
        "Endpoint http can't listen on 127.0.0.1:"
            + port
            + ": the port is taken by the process with pid "
            + ProcessHandle.current().pid()
            + ". End that process or set another rolehost.endpoints.http.port.",
        e.getMessage());
    assertFalse(second.anyOpen());
  }

  @Test
  void openBeforeReady_notServedYet_answers503UntilItIs() throws Exception {
    Endpoints endpoints =
        declared(
            new EndpointSettings(
                "http", "http", "127.0.0.1", 0, true, false, MAX_BODY, EndpointLimits.USUAL),
            HttpLimits.USUAL);
    endpoints.openBeforeReady();
    try (RawClient client = client(endpoints)) {
      assertEquals(503, client.get("/").answer().status());
    }
    endpoints.get("http").serve(_ -> HttpResponse.text(200, "now"));
    endpoints.open();
    try (RawClient client = client(endpoints)) {
      assertEquals("now", client.get("/").answer().text());
    }
  }

  // ---- drain and close

  @Test
  void drain_keepAliveAndPipelined_areAnsweredThenAskedToLeave() throws Exception {
    Endpoints endpoints = open(request -> HttpResponse.text(200, request.path()));
    try (RawClient client = client(endpoints);
        RawClient old = client(endpoints)) {
      assertFalse(client.get("/1").answer().closes());
      assertFalse(old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").answer().closes());
      endpoints.drain();
      client.send(
          "GET /2 HTTP/1.1\r\nHost: x\r\n\r\nPOST /3 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
              + "\r\nab");
      assertEquals("/2", client.answer().text());
      RawClient.Answer last = client.answer();
      assertEquals("/3", last.text());
      assertTrue(last.closes());
      assertTrue(client.ended());
      assertTrue(old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").answer().closes());
      try (RawClient late = client(endpoints)) {
        assertTrue(late.get("/").answer().closes(), "a drain still accepts");
      }
    }
  }

  @Test
  void closeListeners_inFlightAndFreshlyConnected_areAnswered() throws Exception {
    var go = new CountDownLatch(1);
    Endpoints endpoints =
        open(request -> {
          if (request.path().equals("/slow")) {
            go.await();
          }
          return HttpResponse.text(200, request.path());
        });
    int port = endpoints.get("http").port();
    try (RawClient slow = client(endpoints);
        RawClient idle = client(endpoints);
        RawClient fresh = client(endpoints)) {
      idle.get("/").answer();
      slow.get("/slow");
      await(() -> endpoints.inFlight() == 1);
      endpoints.closeListeners();
      assertEquals("/fresh", fresh.get("/fresh").answer().text());
      assertTrue(idle.ended());
      assertFalse(endpoints.anyOpen());
      assertThrows(IOException.class, () -> new RawClient(port).close());
      await(() -> endpoints.inFlight() == 1);
      go.countDown();
      assertEquals("/slow", slow.answer().text());
      assertTrue(slow.ended());
      await(() -> endpoints.inFlight() == 0);
      assertEquals(Optional.empty(), endpoints.deadListener());
    }
  }

  /** As behind a load balancer: clients go to whichever of the two instances is open. */
  @Test
  void drain_underLoadWhileAnotherTakesOver_losesNoRequest() throws Exception {
    HttpHandler handler = request -> echo(request);
    Endpoints first = open(handler);
    Endpoints second = open(handler);
    int[] ports = {first.get("http").port(), second.get("http").port()};
    var current = new AtomicInteger();
    var answered = new AtomicInteger();
    var failures = new ConcurrentLinkedQueue<Throwable>();
    var end = new CountDownLatch(1);
    try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        clients.execute(() -> load(ports, current, answered, failures, end));
      }
      await(() -> answered.get() > 1000);
      first.drain(); // readiness is red
      current.set(1); // the load balancer has seen it
      DrainRule rule =
          DrainRule.of(
              new HostSettings.Drain(
                  Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofSeconds(10)));
      long start = System.nanoTime();
      await(() ->
          rule.decide(System.nanoTime(), start, first.inFlight(), first.nanosSinceLastRequest())
              instanceof DrainRule.Done);
      first.closeListeners();
      await(() -> first.inFlight() == 0);
      first.close();
      int atSwitch = answered.get();
      await(() -> answered.get() > atSwitch + 1000);
      end.countDown();
    }
    assertEquals(List.of(), List.copyOf(failures));
    assertEquals(0, first.inFlight());
  }

  private static void load(
      int[] ports,
      AtomicInteger current,
      AtomicInteger answered,
      ConcurrentLinkedQueue<Throwable> failures,
      CountDownLatch end) {
    try {
      while (end.getCount() > 0) {
        int port = ports[current.get()];
        try (RawClient client = new RawClient(port)) {
          boolean closes = false;
          while (!closes && end.getCount() > 0) {
            client.send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
            RawClient.Answer answer = client.answer();
            assertEquals("hello", answer.text());
            answered.incrementAndGet();
            closes = answer.closes();
          }
        }
      }
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  /** No load balancer: everybody connects until the socket is gone. Who got in gets an answer. */
  @Test
  void closeListeners_underConnects_answersWhoeverWasAccepted() throws Exception {
    Endpoints endpoints = open(request -> HttpResponse.text(200, request.path()));
    int port = endpoints.get("http").port();
    var answered = new AtomicInteger();
    var broken = new ConcurrentLinkedQueue<String>();
    try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        clients.execute(() -> {
          while (true) {
            RawClient client;
            try {
              client = new RawClient(port);
            } catch (IOException e) {
              return; // refused: it is closed
            }
            try (client) {
              client.get("/").answer();
              answered.incrementAndGet();
            } catch (IOException e) {
              broken.add(e.toString());
            }
          }
        });
      }
      await(() -> answered.get() > 500);
      endpoints.closeListeners();
      await(() -> endpoints.inFlight() == 0);
    }
    assertEquals(answered.get(), endpoints.facts().getFirst().served());
    // The kernel may complete a handshake between the last accept and the close, and resets it.
    broken.removeIf(e -> e.contains("reset"));
    assertEquals(List.of(), List.copyOf(broken));
  }

  @Test
  void threadEnded_ofAHandler_countsItsRequestAsEnded() throws Exception {
    var serving = new CompletableFuture<Thread>();
    var never = new CountDownLatch(1);
    Endpoints endpoints =
        open(_ -> {
          serving.complete(Thread.currentThread());
          never.await();
          return HttpResponse.of(200);
        });
    try (RawClient client = client(endpoints)) {
      client.get("/");
      Thread thread = serving.get();
      assertEquals(1, endpoints.inFlight());
      endpoints.threadEnded(thread);
      assertEquals(0, endpoints.inFlight());
      assertTrue(client.ended());
    }
    never.countDown();
  }

  @Test
  void close_withARequestInFlight_endsIt() throws Exception {
    var interrupted = new CountDownLatch(1);
    Endpoints endpoints =
        open(_ -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
          return HttpResponse.of(200);
        });
    try (RawClient client = client(endpoints)) {
      client.get("/");
      await(() -> endpoints.inFlight() == 1);
      endpoints.close();
      interrupted.await();
      await(() -> endpoints.inFlight() == 0);
    }
    endpoints.close();
  }

  // ---- a server of the role's own

  /** The JDK's server as a role would bring it. */
  private static final class JdkServer implements EndpointServer {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final AtomicInteger inFlight = new AtomicInteger();
    final CountDownLatch answer = new CountDownLatch(1);
    private volatile boolean draining;
    private volatile boolean listening;
    private final HttpServer server;

    JdkServer() throws IOException {
      server = HttpServer.create();
    }

    @Override
    public int open(String host, int port) throws IOException {
      calls.add("open " + host + " " + port);
      server.bind(new InetSocketAddress(InetAddress.ofLiteral(host), port), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/",
          exchange -> {
            inFlight.incrementAndGet();
            try (exchange) {
              if (exchange.getRequestURI().getPath().equals("/slow")) {
                answer.await();
              }
              if (draining) {
                exchange.getResponseHeaders().set("Connection", "close");
              }
              byte[] hello = "hello".getBytes(ISO_8859_1);
              exchange.sendResponseHeaders(200, hello.length);
              exchange.getResponseBody().write(hello);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } finally {
              inFlight.decrementAndGet();
            }
          });
      server.start();
      listening = true;
      return server.getAddress().getPort();
    }

    @Override
    public void drain() {
      calls.add("drain");
      draining = true;
    }

    @Override
    public int inFlight() {
      return inFlight.get();
    }

    @Override
    public boolean isListening() {
      return listening;
    }

    /** As a fault of its own would end it. */
    void die() {
      server.stop(0);
      listening = false;
    }

    @Override
    public void close() {
      calls.add("close");
      server.stop(5);
      calls.add("closed");
    }
  }

  @Test
  void foreignServer_openedDrainedClosed_inOrderAndOnce() throws Exception {
    var server = new JdkServer();
    Endpoints endpoints = declared(settings(0), HttpLimits.USUAL);
    endpoints.get("http").serve(server);
    assertEquals(List.of(), server.calls);
    endpoints.open();
    try (RawClient slow = client(endpoints)) {
      slow.get("/slow");
      await(() -> endpoints.inFlight() == 1);
      assertEquals(
          List.of(
              new EndpointFacts(
                  "http", "http", "127.0.0.1", endpoints.get("http").port(), true, 1, -1)),
          endpoints.facts());
      endpoints.drain();
      endpoints.drain();
      endpoints.closeListeners();
      server.answer.countDown();
      RawClient.Answer answer = slow.answer();
      assertEquals("hello", answer.text());
      assertTrue(answer.closes());
      await(() -> endpoints.inFlight() == 0);
    }
    endpoints.close();
    endpoints.close();
    assertEquals(List.of("open 127.0.0.1 0", "drain", "close", "closed"), server.calls);
  }

  @Test
  void foreignServer_stillClosing_isWaitedForAndItsExceptionGoesNowhere() throws Exception {
    var mayClose = new CountDownLatch(1);
    Endpoints endpoints = declared(settings(0), HttpLimits.USUAL);
    endpoints
        .get("http")
        .serve(
            new EndpointServer() {
              @Override
              public int open(String host, int port) {
                return 7;
              }

              @Override
              public int inFlight() {
                throw new IllegalStateException("test");
              }

              @Override
              public void close() throws Exception {
                mayClose.await();
                throw new IOException("test");
              }
            });
    endpoints.open();
    assertEquals(7, endpoints.get("http").port());
    assertEquals(0, endpoints.inFlight());
    endpoints.closeListeners();
    assertEquals(1, endpoints.inFlight());
    mayClose.countDown();
    await(() -> endpoints.inFlight() == 0);
  }

  @Test
  void foreignServer_thatStopsListeningByItself_isSaidToBeDead() throws Exception {
    var server = new JdkServer();
    Endpoints endpoints = declared(settings(0), HttpLimits.USUAL);
    endpoints.get("http").serve(server);
    endpoints.open();
    assertEquals(Optional.empty(), endpoints.deadListener());
    server.die();
    await(() -> endpoints.deadListener().isPresent());
    assertEquals(
        Optional.of(
            "Endpoint http stopped listening on port "
                + endpoints.get("http").port()
                + " by itself"),
        endpoints.deadListener());
    assertFalse(endpoints.facts().getFirst().open());
  }

  @Test
  void foreignServer_portTaken_isSaidSo() throws Exception {
    Endpoints first = open(EndpointsTest::echo);
    Endpoints second = declared(settings(first.get("http").port()), HttpLimits.USUAL);
    second.get("http").serve(new JdkServer());
    assertTrue(assertThrows(EndpointOpenException.class, second::open).isPortTaken());
  }
}
