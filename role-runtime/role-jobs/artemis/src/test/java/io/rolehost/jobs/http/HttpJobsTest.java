package io.rolehost.jobs.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.rolehost.api.StopToken;
import io.rolehost.jobs.HttpTrigger;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.PermanentJobException;
import io.rolehost.jobs.Triggers;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.ledger.LedgerSettings;
import io.rolehost.runtime.config.HostSettings.EndpointLimits;
import io.rolehost.runtime.config.HostSettings.EndpointSettings;
import io.rolehost.runtime.endpoint.Endpoints;
import io.rolehost.runtime.process.SystemTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over the host's own endpoint and a real ledger of keys; the jobs themselves are recorded. */
@Timeout(60)
final class HttpJobsTest {

  /** What the path takes. */
  record Reindex(String index, int shards) {
    Reindex {
      if (shards < 0) {
        throw new IllegalArgumentException("shards must not be negative");
      }
    }
  }

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final String BODY = "{\"index\":\"photos\",\"shards\":2}";

  @TempDir Path place;

  private final RecordingJobs jobs = new RecordingJobs();

  @SuppressWarnings("NullAway.Init")
  private Ledger ledger;

  @SuppressWarnings("NullAway.Init")
  private Endpoints endpoints;

  @BeforeEach
  void serve() throws Exception {
    ledger = Ledger.of(LedgerSettings.file(place.resolve("ledger.db")), InstantSource.system());
    HttpJobs http =
        new HttpJobs(
            jobs,
            ledger.keys(),
            new HttpJobsSettings(
                List.of("localhost", "*.example.com"),
                "s3cret",
                Duration.ofSeconds(5),
                true,
                Duration.ofDays(1),
                Duration.ofSeconds(2),
                2),
            new Never(),
            InstantSource.fixed(NOW));
    http.on(
        Triggers.http(HttpTrigger.Method.POST, "/reindex").maxBody(200),
        Reindex.class,
        (order, job) -> {});
    endpoints =
        new Endpoints(
            Map.of(
                "http",
                new EndpointSettings(
                    "http", "http", "127.0.0.1", 0, false, false, 100_000, EndpointLimits.USUAL)),
            new SystemTime(),
            _ -> {},
            _ -> _ -> {});
    endpoints
        .get("http")
        .serve(
            http.handler(
                request -> io.rolehost.api.http.HttpResponse.text(200, "else " + request.path())));
    endpoints.open();
  }

  @AfterEach
  void close() {
    endpoints.close();
    ledger.close();
  }

  @Test
  void request_accepted_isAMessageWithAStatus() throws Exception {
    HttpResponse<String> answer =
        post(BODY, "Job-Delay", "PT5S", "Job-Priority", "7", "Correlation-Id", "c-1");
    assertEquals(202, answer.statusCode(), answer.body());
    JobId id = id(answer);
    assertEquals("/jobs/" + id, header(answer, "Location"));
    assertEquals("2", header(answer, "Retry-After"));
    assertTrue(id.value().matches("[0-9a-f]{32}"));
    assertTrue(answer.body().contains("\"state\":\"pending\""), answer.body());
    assertTrue(answer.body().contains("\"events\":\"/jobs/" + id + "/events\""), answer.body());
    assertEquals(
        List.of(
            new RecordingJobs.Sent(
                "http.reindex",
                new Reindex("photos", 2),
                Map.of(
                    "id",
                    id,
                    "delay",
                    Duration.ofSeconds(5),
                    "priority",
                    7,
                    "correlationId",
                    "c-1",
                    "tracked",
                    true))),
        jobs.on("http.reindex"));
    assertEquals("else /other", get("/other").body());
  }

  @Test
  void request_wrong_isRefusedBeforeItIsAccepted() throws Exception {
    for (String[] one :
        new String[][] {
          {"{\"index\":\"a\",\"shards\":\"many\"}", "Field shards: "},
          {"{\"index\":\"a\",\"shard\":2}", "Field shard: "},
          {"{\"index\":\"a\",\"shards\":-1}", "shards must not be negative"},
          {"{\"index\":", "Line 1, column "},
          {"null", "The body is null"},
          {"[]", "Reindex"},
        }) {
      HttpResponse<String> answer = post(one[0]);
      assertEquals(400, answer.statusCode(), one[0]);
      assertEquals("application/problem+json", header(answer, "Content-Type"));
      assertTrue(answer.body().contains(one[1]), answer.body());
    }
    for (String[] one :
        new String[][] {
          {"Job-Delay", "soon"},
          {"Job-Priority", "10"},
          {"Idempotency-Key", "\"\""},
          {"Job-Callback", "http://127.0.0.1/"},
          {"Job-Callback", "ftp://localhost/"},
          {"Job-Callback", "http://other.example.org/"},
        }) {
      assertEquals(400, post(BODY, one).statusCode(), String.join(": ", one));
    }
    assertEquals(413, post("{\"index\":\"" + "x".repeat(300) + "\"}").statusCode());
    assertEquals(415, post(BODY, "Content-Type", "text/plain").statusCode());
    HttpResponse<String> get = get("/reindex");
    assertEquals(405, get.statusCode());
    assertEquals("POST", header(get, "Allow"));
    assertEquals(List.of(), jobs.sent);
  }

  @Test
  void key_repeated_isTheSameJobAndWithAnotherBodyRefused() throws Exception {
    HttpResponse<String> first = post(BODY, "Idempotency-Key", "\"k-1\"");
    HttpResponse<String> second = post(BODY, "Idempotency-Key", "k-1");
    assertEquals(202, second.statusCode());
    assertEquals(id(first), id(second));
    assertEquals(1, jobs.on("http.reindex").size());
    HttpResponse<String> reused =
        post("{\"index\":\"other\",\"shards\":2}", "Idempotency-Key", "k-1");
    assertEquals(422, reused.statusCode());
    assertFalse(id(first).equals(id(post(BODY, "Idempotency-Key", "k-2"))));
    assertFalse(id(first).equals(id(post(BODY))));
  }

  @Test
  void broker_away_isTryAgainAndTheKeyMakesOneJob() throws Exception {
    jobs.away = true;
    HttpResponse<String> refused = post(BODY, "Idempotency-Key", "k");
    assertEquals(503, refused.statusCode());
    assertEquals("5", header(refused, "Retry-After"));
    assertEquals(503, get("/jobs/" + "0".repeat(32)).statusCode());
    jobs.away = false;
    HttpResponse<String> taken = post(BODY, "Idempotency-Key", "k");
    assertEquals(202, taken.statusCode());
    assertEquals(id(taken), id(post(BODY, "Idempotency-Key", "k")));
    assertEquals(1, jobs.on("http.reindex").size());
  }

  @Test
  void status_ofEachState_isTold() throws Exception {
    JobId id = id(post(BODY));
    jobs.stands(id, JobStatus.State.RUNNING, new JobStatus.Progress(1, 4, "shard 1"), "");
    HttpResponse<String> running = get("/jobs/" + id);
    assertEquals(200, running.statusCode());
    assertTrue(running.body().contains("\"percent\":25"), running.body());
    assertEquals("2", header(running, "Retry-After"));
    String etag = header(running, "ETag");
    HttpResponse<String> same = get("/jobs/" + id, "If-None-Match", "W/\"x\", " + etag);
    assertEquals(304, same.statusCode());
    assertEquals("", same.body());
    assertEquals(409, get("/jobs/" + id + "/result").statusCode());
    assertEquals(406, get("/jobs/" + id, "Accept", "text/html").statusCode());

    jobs.stands(id, JobStatus.State.DONE, JobStatus.Progress.NONE, "{\"count\":3}");
    HttpResponse<String> done = get("/jobs/" + id, "If-None-Match", etag);
    assertEquals(200, done.statusCode());
    assertTrue(done.body().contains("\"result\":{\"count\":3}"), done.body());
    assertEquals("{\"count\":3}", get("/jobs/" + id + "/result").body());
    HttpResponse<String> led = get("/jobs/" + id + "?result=redirect");
    assertEquals(303, led.statusCode());
    assertEquals("/jobs/" + id + "/result", header(led, "Location"));
    assertEquals(409, delete(id).statusCode());

    jobs.stands(id, JobStatus.State.FAILED, JobStatus.Progress.NONE, "no index");
    HttpResponse<String> failed = get("/jobs/" + id);
    assertEquals(200, failed.statusCode());
    assertEquals("application/problem+json", header(failed, "Content-Type"));
    assertTrue(failed.body().contains("\"detail\":\"no index\""), failed.body());

    assertEquals(404, get("/jobs/" + "0".repeat(32)).statusCode());
    jobs.stands(new JobId("nightly@1"), JobStatus.State.DONE, JobStatus.Progress.NONE, "1");
    assertEquals(404, get("/jobs/nightly@1").statusCode());
  }

  @Test
  void cancel_isAskedForOnceAndMayBeRepeated() throws Exception {
    JobId id = id(post(BODY));
    HttpResponse<String> asked = delete(id);
    assertEquals(202, asked.statusCode());
    assertTrue(asked.body().contains("\"cancelRequested\":true"), asked.body());
    assertEquals(200, delete(id).statusCode());
    assertEquals(404, delete(new JobId("0".repeat(32))).statusCode());
    assertEquals(409, get("/jobs/" + id + "/result").statusCode());
  }

  @Test
  void events_followAJobToItsEnd() throws Exception {
    JobId id = id(post(BODY));
    HttpRequest request = request("/jobs/" + id + "/events").build();
    HttpResponse<java.io.InputStream> answer =
        CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
    assertEquals("text/event-stream; charset=utf-8", header(answer, "Content-Type"));
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      assertEquals("event: pending", next(lines, "event: "));
      jobs.stands(id, JobStatus.State.RUNNING, new JobStatus.Progress(1, 2, "half"), "");
      assertEquals("event: running", next(lines, "event: "));
      assertTrue(next(lines, "data: ").contains("\"text\":\"half\""));
      jobs.stands(id, JobStatus.State.DONE, JobStatus.Progress.NONE, "3");
      assertEquals("event: done", next(lines, "event: "));
      assertTrue(next(lines, "data: ").contains("\"result\":3"));
      assertEquals("", lines.lines().reduce("", String::concat));
    }
  }

  @Test
  void callback_isSignedAndSentWhenTheJobHasEnded() throws Exception {
    List<String> called = new CopyOnWriteArrayList<>();
    AtomicInteger code = new AtomicInteger(500);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/done",
        exchange -> {
          called.add(
              exchange.getRequestHeaders().getFirst("Rolehost-Signature")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(code.get(), -1);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://localhost:" + server.getAddress().getPort() + "/done";
      JobId id = id(post(BODY, "Job-Callback", url));
      jobs.deliver(Callbacks.QUEUE);
      jobs.deliver(Callbacks.QUEUE);
      assertEquals(List.of(), called);
      assertEquals(2, jobs.on(Callbacks.QUEUE).size(), "they look again");
      jobs.stands(id, JobStatus.State.DONE, JobStatus.Progress.NONE, "3");
      RecordingJobs.Sent order = jobs.on(Callbacks.QUEUE).getFirst();
      assertThrows(IOException.class, () -> jobs.deliver(Callbacks.QUEUE));
      code.set(204);
      jobs.sent.addFirst(order);
      jobs.deliver(Callbacks.QUEUE);
      assertEquals(2, called.size());
      String[] parts = called.getLast().split(" ", 2);
      assertEquals(Signature.of("s3cret", NOW, parts[1]), parts[0]);
      assertTrue(parts[1].contains("\"result\":3"), parts[1]);
      code.set(410);
      jobs.sent.addFirst(order);
      assertThrows(PermanentJobException.class, () -> jobs.deliver(Callbacks.QUEUE));
      jobs.deliver(Callbacks.QUEUE);
      assertEquals(
          List.of(new EndedJob(id.value(), "Reindex", "http.reindex", JobStatus.State.DONE)),
          jobs.on(Callbacks.COMPLETED).stream().map(RecordingJobs.Sent::payload).toList());
    } finally {
      server.stop(0);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + endpoints.get("http").port() + path));
  }

  private HttpResponse<String> post(String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        request("/reindex")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = request(path);
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> delete(JobId id) throws Exception {
    return CLIENT.send(
        request("/jobs/" + id).DELETE().build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static JobId id(HttpResponse<String> answer) {
    return new JobId(header(answer, "Location").substring("/jobs/".length()));
  }

  private static String next(BufferedReader lines, String start) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(start)) {
        return line;
      }
    }
    throw new IOException("ended before " + start);
  }

  /** A role that is not stopped. */
  private static final class Never implements StopToken {
    private final CountDownLatch stop = new CountDownLatch(1);

    @Override
    public boolean isStopRequested() {
      return false;
    }

    @Override
    public void await() throws InterruptedException {
      stop.await();
    }

    @Override
    public boolean await(Duration timeout) throws InterruptedException {
      return stop.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void onStop(Runnable action) {}
  }
}
