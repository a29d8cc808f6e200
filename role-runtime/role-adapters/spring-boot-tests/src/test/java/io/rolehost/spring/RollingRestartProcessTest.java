package io.rolehost.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rolehost.spring.BootProcess.Application;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two instances of a Spring Boot application under a node, behind a real HAProxy that asks the
 * application's own actuator whether it is ready, restarted in turns while clients work.
 */
class RollingRestartProcessTest {
  private static final int CLIENTS = 4;

  @TempDir Path home;

  @Test
  void rollingRestart_ofBoot4UnderLoad_losesNoRequest() throws Exception {
    restartUnderLoad(Application.BOOT_4);
  }

  @Test
  @Tag("long")
  void rollingRestart_ofBoot3UnderLoad_losesNoRequest() throws Exception {
    restartUnderLoad(Application.BOOT_3);
  }

  private void restartUnderLoad(Application application) throws Exception {
    assumeTrue(isInstalled("haproxy"), "HAProxy is not installed");
    int first = twoFreePorts();
    int plane = freePort();
    int front = freePort();
    Files.writeString(
        home.resolve("solution.conf"),
        """
        roles { photos {
          jar = "%s"
          instances = 2
          update.min-ready = 3s
          jvm-options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"]
          endpoints { http { port = %d } }
          settings { rolehost.stop.drain { min = 1s, quiet = 300ms } }
        } }
        rolehost { profile = azure, management { port = %d, token = secret } }
        """
            .formatted(application.jar(), first, plane));
    Process haproxy = haproxy(front, first);
    try (BootProcess node = BootProcess.startNode(home)) {
      var _ = node.await(plane, "/readyz", answer -> answer.statusCode() == 200);
      for (String server : List.of("a", "b")) {
        var _ = node.await(front, "/haproxy;csv", answer -> isUp(answer.body(), server));
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
          HttpResponse<String> asked =
              BootProcess.CLIENT.send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + plane + "/restart?target=photos"))
                      .header("Authorization", "Bearer secret")
                      .POST(HttpRequest.BodyPublishers.noBody())
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
          assertEquals(202, asked.statusCode(), asked.body());
          for (String id : List.of("photos_IN_0", "photos_IN_1")) {
            var _ =
                node.await(
                    plane,
                    "/status",
                    answer -> isReadyAgain(home.resolve(".rolehost/run/" + id + ".json")));
          }
          for (String server : List.of("a", "b")) {
            var _ = node.await(front, "/haproxy;csv", answer -> isUp(answer.body(), server));
          }
        } finally {
          end.countDown();
        }
        for (Future<?> one : all) {
          assertEquals(null, one.get(60, TimeUnit.SECONDS));
        }
      }
      assertEquals(List.of(), List.copyOf(failed), node::output);
      assertTrue(answered.get() > 100, "only " + answered + " requests: that is no load");
      node.terminate();
      assertEquals(0, node.exitCode(), node::output);
    } finally {
      var _ = haproxy.destroyForcibly();
    }
  }

  /** The second start of an instance is ready. */
  private static boolean isReadyAgain(Path runFile) {
    try {
      String text = Files.readString(runFile);
      return text.contains("\"incarnation\":2") && text.contains("\"ready\":true");
    } catch (IOException between) {
      return false;
    }
  }

  private static boolean isUp(String statistics, String server) {
    return statistics
        .lines()
        .anyMatch(line -> line.startsWith("photos," + server + ",") && line.contains(",UP,"));
  }

  private static Void ask(int front, CountDownLatch end, AtomicLong answered, Queue<String> failed)
      throws Exception {
    while (!end.await(3, TimeUnit.MILLISECONDS)) {
      try {
        HttpResponse<String> answer =
            BootProcess.CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + front + "/"))
                    .timeout(Duration.ofSeconds(20))
                    .build(),
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

  private Process haproxy(int front, int first) throws IOException {
    Path file =
        Files.writeString(
            home.resolve("haproxy.cfg"),
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
              option httpchk GET /actuator/health/readiness
              server a 127.0.0.1:%d check inter 200ms fall 1 rise 1
              server b 127.0.0.1:%d check inter 200ms fall 1 rise 1
            """
                .formatted(front, first, first + 1));
    return new ProcessBuilder("haproxy", "-db", "-f", file.toString())
        .redirectErrorStream(true)
        .redirectOutput(home.resolve("haproxy.log").toFile())
        .start();
  }

  private static boolean isInstalled(String program) {
    return List.of("/usr/sbin/", "/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/").stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder + program)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Returns the first of two ports that are free and follow each other. */
  private static int twoFreePorts() throws IOException {
    for (int tries = 0; tries < 100; tries++) {
      int port = freePort();
      try (ServerSocket _ = new ServerSocket(port + 1)) {
        return port;
      } catch (IOException taken) {
        // the next pair
      }
    }
    throw new IOException("no two free ports in a row");
  }
}
