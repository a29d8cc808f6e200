package io.rolehost.samples.photos.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two photo-web processes behind a real HAProxy, recycled in turns while clients work. */
class RollingRecycleProcessTest {
  private static final Path JAR = Path.of("target/photo-web.jar");
  private static final int ROUNDS = 2;
  private static final int CLIENTS = 6;

  /** How the balancer learns of readiness. */
  enum Check {
    READYZ("option httpchk GET /readyz", "check port %d inter 100ms fall 1 rise 1"),
    AGENT("", "check inter 1s agent-check agent-port %d agent-inter 100ms");

    private final String option;
    private final String server;

    Check(String option, String server) {
      this.option = option;
      this.server = server;
    }
  }

  /** One of the two, with ports that it keeps over its starts. */
  private final class Instance {
    private final String name;
    private final Path folder;
    private final int port;
    private final int management = freePort();
    private final int agent = freePort();
    private HostProcess process;

    Instance(String name) throws IOException {
      this.name = name;
      this.folder = Files.createDirectories(home.resolve(name));
      this.port = freePort();
      this.process = start();
    }

    private HostProcess start() throws IOException {
      return HostProcess.start(
          JAR,
          folder,
          "photo-web",
          "rolehost.endpoints.http.port=" + port,
          "rolehost.management.port=" + management,
          "rolehost.management.agent-check-port=" + agent,
          "rolehost.profile=azure",
          "rolehost.stop.grace=30 s",
          "rolehost.stop.drain.min=1 s",
          "rolehost.stop.drain.quiet=300 ms",
          "photos.directory=" + home.resolve("photos"));
    }

    void recycle() throws Exception {
      HttpResponse<String> asked =
          client.send(
              HttpRequest.newBuilder(uri(management, "/recycle"))
                  .header("Authorization", "Bearer " + process.token())
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(202, asked.statusCode(), asked.body());
      assertEquals(86, process.exitCode());
      process = start();
      var _ = process.httpPort();
    }
  }

  @TempDir Path home;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final List<AutoCloseable> running = new ArrayList<>();

  @AfterEach
  void endProcesses() throws Exception {
    for (AutoCloseable one : running) {
      one.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void rollingRecycles_underLoad_loseNoRequest(Check check) throws Exception {
    assumeTrue(isInstalled("haproxy"), "HAProxy is not installed");
    List<Instance> instances = List.of(new Instance("a"), new Instance("b"));
    int front = haproxy(check, instances);
    for (Instance instance : instances) {
      running.add(() -> instance.process.close());
      var _ = instance.process.httpPort();
      awaitUp(front, instance.name);
    }

    Queue<String> failed = new ConcurrentLinkedQueue<>();
    AtomicLong answered = new AtomicLong();
    CountDownLatch end = new CountDownLatch(1);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int n = 0; n < CLIENTS; n++) {
        all.add(clients.submit(() -> ask(front, end, answered, failed)));
      }
      try {
        for (int round = 0; round < ROUNDS; round++) {
          for (Instance instance : instances) {
            instance.recycle();
            awaitUp(front, instance.name);
          }
        }
      } finally {
        end.countDown();
      }
      for (Future<?> one : all) {
        assertEquals(null, one.get(60, TimeUnit.SECONDS));
      }
    }
    assertEquals(List.of(), List.copyOf(failed));
    assertTrue(answered.get() > 100, "only " + answered + " requests: that is no load");
  }

  private Void ask(int front, CountDownLatch end, AtomicLong answered, Queue<String> failed)
      throws InterruptedException {
    while (!end.await(3, TimeUnit.MILLISECONDS)) {
      try {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(uri(front, "/")).timeout(Duration.ofSeconds(20)).build(),
                HttpResponse.BodyHandlers.ofString());
        answered.incrementAndGet();
        if (answer.statusCode() != 200) {
          failed.add("answered with " + answer.statusCode() + ": " + answer.body());
        }
      } catch (IOException e) {
        failed.add(e.toString());
      }
    }
    return null;
  }

  private int haproxy(Check check, List<Instance> instances) throws IOException {
    int front = freePort();
    StringBuilder text =
        new StringBuilder(
            """
            global
              maxconn 500
            defaults
              mode http
              timeout connect 2s
              timeout client 30s
              timeout server 30s
              timeout check 5s
              retries 0
            frontend in
              bind 127.0.0.1:%d
              stats enable
              stats uri /haproxy
              default_backend photos
            backend photos
              %s
            """
                .formatted(front, check.option));
    for (Instance instance : instances) {
      int port = check == Check.AGENT ? instance.agent : instance.management;
      text.append(
          "  server %s 127.0.0.1:%d %s%n"
              .formatted(instance.name, instance.port, check.server.formatted(port)));
    }
    Path file = Files.writeString(home.resolve("haproxy.cfg"), text);
    File log = home.resolve("haproxy.log").toFile();
    Process haproxy =
        new ProcessBuilder("haproxy", "-db", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    running.add(haproxy::destroyForcibly);
    return front;
  }

  private void awaitUp(int front, String server) throws Exception {
    String last = "";
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60); System.nanoTime() < end; ) {
      try {
        last =
            client
                .send(
                    HttpRequest.newBuilder(uri(front, "/haproxy;csv")).build(),
                    HttpResponse.BodyHandlers.ofString())
                .body();
        if (last.lines()
            .anyMatch(l -> l.startsWith("photos," + server + ",") && l.contains(",UP,"))) {
          return;
        }
      } catch (IOException e) {
        last = e.toString(); // HAProxy is not up yet
      }
      assertTrue(!new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS));
    }
    throw new AssertionError(server + " does not come up behind HAProxy:\n" + last);
  }

  private static boolean isInstalled(String program) {
    return List.of("/usr/sbin/", "/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/").stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder + program)));
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
