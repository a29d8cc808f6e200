package io.rolehost.bench;

import io.rolehost.node.control.ControlClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Six web instances of a node behind HAProxy, renewed and killed under 1,000 requests a second. */
final class RollingBenchmark implements AutoCloseable {

  static final int INSTANCES = 6;

  private static final int CLIENTS = 20;
  private static final long PERIOD_NANOS = CLIENTS * TimeUnit.SECONDS.toNanos(1) / 1_000;

  /**
   * What clients saw meanwhile.
   *
   * @param seconds how long it took
   * @param failed requests without an answer of 200
   * @param millis from when a request was due to its answer
   */
  record Seen(double seconds, int failed, Samples millis) {

    double perSecond() {
      return millis.count() / seconds;
    }
  }

  private final List<String> restart;
  private final Path folder;
  private final Path state;
  private final int front = NodeBenchmark.freePort();
  private final Process node;
  private final Process haproxy;

  RollingBenchmark(Path root, String java, Path work) throws IOException {
    folder = Files.createTempDirectory(work, "rolling-");
    state = folder.resolve("state");
    restart =
        Supervising.rolehost(
            root, java, "restart", "web", "--wait", "--state-dir", state.toString());
    int base = 20_000 + (int) (ProcessHandle.current().pid() % 10_000);
    node =
        started(
            Supervising.node(
                root,
                java,
                folder,
                """
                roles.web {
                  class-path = [%s]
                  jvm-options = ["-Xmx64m", "-Drolehost.role.class=io.rolehost.bench.peer.HelloRole"]
                  instances = %d
                  endpoints.http.port = %d
                  settings { rolehost.stop.drain { min = 1s, quiet = 300ms } }
                }
                rolehost { profile = azure, management.port = 0, state-dir = "%s", freeze.auto.enabled = false }
                """
                    .formatted(classPath(), INSTANCES, base, state)),
            "node.log");
    Path file = folder.resolve("haproxy.cfg");
    Files.writeString(file, haproxy(base));
    haproxy = started(List.of("haproxy", "-db", "-f", file.toString()), "haproxy.log");
    awaitReady();
    Supervising.await("HAProxy", () -> RawHttp.status(front, "/") == 200);
  }

  static boolean isHere() {
    return Files.isExecutable(Path.of("/usr/sbin/haproxy"))
        || Files.isExecutable(Path.of("/usr/bin/haproxy"));
  }

  /** One instance after another leaves when the one before is ready again. */
  Seen restart() throws IOException, InterruptedException {
    return under(() -> {
      int code = started(restart, "restart.log").waitFor();
      if (code != 0) {
        throw new IOException("the restart ended with " + code + ": " + folder);
      }
    });
  }

  /** One instance after another is killed when the one before is ready again. */
  Seen kill() throws IOException, InterruptedException {
    return under(() -> {
      for (int n = 0; n < INSTANCES; n++) {
        Path pid = state.resolve("run/web_IN_" + n + ".pid");
        boolean _ =
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .orElseThrow()
                .destroyForcibly();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500)); // noticed by the node
        awaitReady();
      }
    });
  }

  @FunctionalInterface
  private interface Blow {
    void strike() throws IOException, InterruptedException;
  }

  private Seen under(Blow blow) throws IOException, InterruptedException {
    List<Client> clients = IntStream.range(0, CLIENTS).mapToObj(Client::new).toList();
    long began = System.nanoTime();
    clients.forEach(Thread::start);
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
    blow.strike();
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
    Samples millis = new Samples();
    int failed = 0;
    for (Client client : clients) {
      client.last = true;
      client.join();
      client.millis.forEach(millis::add);
      failed += client.failed.get();
    }
    return new Seen((System.nanoTime() - began) / 1e9, failed, millis);
  }

  /** Asks when it is time to, however late the answers before came. */
  private final class Client extends Thread {
    private final List<Double> millis = new ArrayList<>();
    private final AtomicInteger failed = new AtomicInteger();
    private final int number;
    private volatile boolean last;

    Client(int number) {
      this.number = number;
    }

    @Override
    public void run() {
      long due = System.nanoTime() + number * PERIOD_NANOS / CLIENTS;
      RawHttp connection = null;
      while (!last) {
        LockSupport.parkNanos(due - System.nanoTime());
        if (System.nanoTime() - due < 0) {
          continue;
        }
        try {
          if (connection == null) {
            connection = new RawHttp(front, "/");
          }
          if (connection.status() != 200) {
            failed.incrementAndGet();
          }
        } catch (IOException e) {
          failed.incrementAndGet();
          connection = null;
        }
        millis.add((System.nanoTime() - due) / 1e6);
        due += PERIOD_NANOS;
      }
    }
  }

  private void awaitReady() throws IOException {
    Supervising.await(
        "the web instances",
        () -> {
          try {
            List<?> instances =
                (List<?>)
                    ControlClient.of(state)
                        .ask("status", Map.of())
                        .getOrDefault("instances", List.of());
            return instances.size() == INSTANCES
                && instances.stream()
                    .allMatch(each -> "ready".equals(((Map<?, ?>) each).get("word")));
          } catch (IOException notYet) {
            return false;
          }
        });
  }

  private static String classPath() {
    return String.join(
        ", ",
        List.of(System.getProperty("java.class.path").split(":", -1)).stream()
            .map(entry -> '"' + Path.of(entry).toAbsolutePath().toString() + '"')
            .toList());
  }

  /** Requests are repeated where that is safe: they are GET, and all were refused or unanswered. */
  private String haproxy(int base) {
    StringBuilder text =
        new StringBuilder(
            """
            global
              maxconn 2000
            defaults
              mode http
              timeout connect 2s
              timeout client 30s
              timeout server 5s
              retries 3
              option redispatch 1
              retry-on conn-failure empty-response response-timeout
            frontend in
              bind 127.0.0.1:%d
              default_backend web
            backend web
              option httpchk GET /
            """
                .formatted(front));
    for (int n = 0; n < INSTANCES; n++) {
      text.append(
          "  server s%d 127.0.0.1:%d check inter 100ms fall 1 rise 1%n".formatted(n, base + n));
    }
    return text.toString();
  }

  private Process started(List<String> command, String log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(log).toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLEHOST_"));
    return builder.start();
  }

  @Override
  public void close() {
    haproxy.destroyForcibly();
    node.destroy();
    node.onExit().join();
  }
}
