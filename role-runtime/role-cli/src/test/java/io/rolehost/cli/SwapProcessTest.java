package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes, each with a deployment of its own, behind a real HAProxy. */
class SwapProcessTest {
  private static final int CLIENTS = 4;
  private static final String READ = "r3ad-swap";
  private static final String READY = " ready [0-9.]+ s after its start";

  @TempDir private Path home = Path.of("");
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  private final AtomicLong answered = new AtomicLong();
  private final List<AutoCloseable> running = new ArrayList<>();
  private int front;
  private String plane = "management.port = 0";
  private String planeOfRoles = "";

  @AfterEach
  void endProcesses() throws Exception {
    for (AutoCloseable one : running) {
      one.close();
    }
  }

  @Test
  void swap_underLoad_isRefusedUntilAllAreReady_thenLosesNoRequest_andNoWorkIsTakenByBoth()
      throws Exception {
    assumeTrue(isInstalled("haproxy"), "HAProxy is not installed");
    Files.createDirectory(home.resolve("work"));
    int blues = freePorts();
    int greens = freePorts();
    // The side that will leave has an instance that never comes up.
    Path blue = side("blue", "production", blues, 1, "bad { command = [\"false\"] }");
    Path green = side("green", "staging", greens, 2, "");
    Files.writeString(home.resolve("sides.map"), "photos blue\n");
    haproxy(blues, greens);
    RunningNode from = RunningNode.start(blue);
    running.addFirst(from);
    RunningNode to = RunningNode.start(green);
    running.addFirst(to);
    var _ = from.await(0, "web_IN_0" + READY);
    var _ = from.await(0, "bad_IN_0 ended with 1");
    // What a freeze was invented for: a side that crashes is frozen, and then swapped away.
    assertEquals(0, from.verb("freeze", "role:bad", "--reason", "it crashes").code());
    var _ = from.await(0, "bad_IN_0 frozen, not started");
    var _ = to.await(0, "web_IN_0" + READY);
    var _ = to.await(0, "web_IN_1" + READY);
    awaitTrue("blue takes work", () -> taken("blue") > 0);
    assertEquals(0, taken("green"));
    awaitTrue("HAProxy sees blue", this::isAnswered); // its check comes a moment later
    assertEquals("blue", ask());

    CountDownLatch end = new CountDownLatch(1);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int n = 0; n < CLIENTS; n++) {
        all.add(clients.submit(() -> load(end)));
      }
      try {
        underLoad(from, to);
      } finally {
        end.countDown();
      }
      for (Future<?> one : all) {
        assertEquals(null, one.get(60, TimeUnit.SECONDS));
      }
    }
    assertEquals(List.of(), List.copyOf(failed));
    assertTrue(answered.get() > 100, "only " + answered + " requests: that is no load");
    assertFalse(Files.exists(home.resolve("work/both")), "work was taken by both sides");
    assertEquals(1, from.instance("web_IN_0").get("incarnation"));
    assertEquals(2, to.instance("web_IN_0").get("incarnation"), "by the restart alone");
  }

  @Test
  void swap_byTlsWithATokenToRead_ofNodesAndOfALoneHost_isDone() throws Exception {
    assumeTrue(isInstalled("haproxy"), "HAProxy is not installed");
    Files.createDirectory(home.resolve("work"));
    PlaneKey _ = PlaneKey.make(home);
    String tls =
        "tls { certificate = \"%s\", key = \"%s\" }, read-token = %s"
            .formatted(PlaneKey.certificate(home), PlaneKey.key(home), READ);
    plane = "management { port = 0, " + tls + " }";
    planeOfRoles = "rolehost.management.read-token = " + READ;
    int blues = freePorts();
    int greens = freePorts();
    Path blue = side("blue", "production", blues, 1, "");
    Path green = side("green", "staging", greens, 2, "");
    Files.writeString(home.resolve("sides.map"), "photos blue\n");
    haproxy(blues, greens);
    RunningNode from = RunningNode.start(blue);
    running.addFirst(from);
    RunningNode to = RunningNode.start(green);
    running.addFirst(to);
    for (RunningNode node : List.of(from, to)) {
      var _ = node.await(0, "answers at https://");
      var _ = node.await(0, "web_IN_0" + READY);
    }
    var _ = to.await(0, "web_IN_1" + READY);
    awaitTrue("HAProxy sees blue", this::isAnswered);
    awaitTrue("blue takes work", () -> taken("blue") > 0);
    awaitSwapped("green", () -> swap(from, "green"));

    // A role of its own in place of the node, which is then the side that leaves.
    assertEquals(0, to.verb("stop", "--wait").code());
    assertEquals(0, to.exitCode());
    Path state = green.resolve(".rolehost");
    Process lone = lone(state, greens);
    running.addFirst(lone::destroyForcibly);
    awaitTrue("the lone host takes work", () -> new Taking("green").goesOn());
    Said status = Said.by("status", "--state-dir", state.toString());
    assertTrue(status.out().contains("web_IN_0"), status::toString);
    awaitSwapped("blue", () -> swap(state, "blue"));
    assertEquals("staging", Files.readString(state.resolve("side")).strip());
    assertFalse(new Taking("green").goesOn(), "the side that left still takes work");
    assertTrue(lone.isAlive());
    assertFalse(Files.exists(home.resolve("work/both")), "work was taken by both sides");
  }

  /** Swaps, which is refused as long as HAProxy does not see a side that has just come up. */
  private void awaitSwapped(String to, Callable<Said> swap) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    Said said = swap.call();
    while (said.err().contains("HAProxy sees ") && System.nanoTime() - end < 0) {
      said = swap.call();
    }
    assertEquals(0, said.code(), said.err());
    assertEquals("photos " + to + "\n", Files.readString(home.resolve("sides.map")));
    assertEquals(to, ask());
    awaitTrue(to + " takes work", () -> new Taking(to).goesOn());
  }

  /** What a deployment had taken a moment ago. */
  private final class Taking {
    private final String deployment;
    private final long before;

    Taking(String deployment) {
      this.deployment = deployment;
      this.before = taken(deployment);
    }

    /** Looks whether it has taken more a tenth of a second later; it would each millisecond. */
    boolean goesOn() {
      try {
        boolean _ = new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return taken(deployment) > before;
    }
  }

  private Process lone(Path state, int port) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Drolehost.role.class=io.rolehost.cli.SwapRole",
                "-Drolehost.role.name=web",
                "-Drolehost.deployment=green",
                "-Drolehost.profile=azure",
                "-Drolehost.endpoints.http.port=" + port,
                "-Drolehost.management.port=0",
                "-Drolehost.management.read-token=" + READ,
                "-Drolehost.management.tls.certificate=" + PlaneKey.certificate(home),
                "-Drolehost.management.tls.key=" + PlaneKey.key(home),
                "-Drolehost.state-dir=" + state,
                "-Dtest.work=" + home.resolve("work"),
                "-cp",
                System.getProperty("java.class.path"),
                "io.rolehost.runtime.RoleHost")
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("lone.log").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLEHOST_"));
    return builder.start();
  }

  private void underLoad(RunningNode from, RunningNode to) throws Exception {
    // Not ready in every instance.
    assertEquals(0, to.verb("scale", "web", "3").code());
    assertEquals(0, to.verb("freeze", "instance:web_IN_2", "--reason", "look first").code());
    Said early = swap(from, "green");
    if (early.code() == 0) {
      throw new AssertionError("three instances can't be ready at once: " + early);
    }
    assertEquals(75, early.code(), early.err());
    assertTrue(early.err().contains("web_IN_2 is "), early.err());
    assertTrue(early.err().contains(" since 20"), early.err());
    assertEquals("blue", ask());
    assertEquals(0, to.verb("scale", "web", "2").code());
    var _ = to.await(0, "web_IN_2 has left");

    Said done = swap(from, "green");
    assertEquals(0, done.code(), done.err());
    assertEquals("green", ask());
    assertEquals("photos green\n", Files.readString(home.resolve("sides.map")));
    long before = taken("blue");
    awaitTrue("green takes work", () -> taken("green") > 0);
    assertEquals(before, taken("blue"));
    assertTrue(swap(from, "green").out().contains("was in production already"));
    for (RunningNode side : List.of(from, to)) {
      List<String> events = side.verb("events").out().lines().toList();
      assertTrue(
          events.stream().anyMatch(line -> line.contains("  node  the swap by rolehost swap of ")),
          events::toString);
      assertTrue(
          events.stream().anyMatch(line -> line.endsWith(" is in production now")),
          events::toString);
      assertEquals(0, side.verb("verify-journal").code());
    }

    // A rolling restart of the side that serves.
    int mark = to.mark();
    assertEquals(0, to.verb("restart", "web", "--wait").code());
    var _ = to.await(mark, "web_IN_1 ended with 0 .*; starting again as asked");

    // And back, once what is bad there is gone.
    Said back = swap(to, "blue");
    assertEquals(75, back.code());
    assertTrue(back.err().contains("bad_IN_0 is "), back.err());
    assertEquals(0, from.verb("scale", "bad", "0").code());
    var _ = from.await(0, "bad_IN_0 has left");
    // By what the solutions say.
    Said again = to.verb("swap", "--json");
    assertEquals(0, again.code(), again.err());
    SchemaProcessTest.assertFits("swap", again);
    assertEquals("blue", ask());
    awaitTrue("blue takes work again", () -> taken("blue") > before);
  }

  private Said swap(RunningNode from, String to) {
    return from.verb(Stream.concat(Stream.of("swap"), wayTo(to)).toArray(String[]::new));
  }

  private Said swap(Path from, String to) {
    return Said.by(
        Stream.concat(Stream.of("swap", "--state-dir", from.toString()), wayTo(to))
            .toArray(String[]::new));
  }

  private Stream<String> wayTo(String to) {
    return Stream.of(
        "--to",
        home.resolve(to).resolve(".rolehost").toString(),
        "--haproxy",
        home.resolve("haproxy.sock").toString(),
        "--map",
        home.resolve("sides.map").toString(),
        "--key",
        "photos");
  }

  private Path side(String name, String side, int port, int instances, String more)
      throws IOException {
    Path folder = Files.createDirectory(home.resolve(name));
    Files.createDirectory(folder.resolve(".rolehost"));
    Files.writeString(folder.resolve(".rolehost/side"), side + "\n");
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> '"' + Path.of(entry).toAbsolutePath().toString() + '"')
            .collect(Collectors.joining(", "));
    Files.writeString(
        folder.resolve("solution.conf"),
        """
        rolehost { deployment = %s, profile = azure, %s }
        swap { other = ../%s/.rolehost, haproxy = ../haproxy.sock, map = ../sides.map, key = photos }
        roles {
          web {
            class-path = [%s]
            jvm-options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
            instances = %d
            endpoints { http { port = %d } }
            settings {
              rolehost.role.class = "io.rolehost.cli.SwapRole"
              rolehost.stop.drain.min = 100 ms
              rolehost.stop.drain.quiet = 100 ms
              test.work = "%s"
              %s
            }
          }
          %s
        }
        """
            .formatted(
                name,
                plane,
                name.equals("blue") ? "green" : "blue",
                classPath,
                instances,
                port,
                home.resolve("work"),
                planeOfRoles,
                more));
    return folder;
  }

  private void haproxy(int blue, int green) throws IOException {
    front = freePorts();
    String servers = "server s%d 127.0.0.1:%d check inter 100ms fall 1 rise 1\n";
    Path file =
        Files.writeString(
            home.resolve("haproxy.cfg"),
            """
            global
              maxconn 500
              stats socket %s mode 600 level admin
            defaults
              mode http
              timeout connect 2s
              timeout client 30s
              timeout server 30s
              timeout check 5s
              option redispatch
              retries 3
              retry-on conn-failure
            frontend in
              bind 127.0.0.1:%d
              use_backend %%[str(photos),map(%s)]
            backend blue
              option httpchk GET /
              %s
            backend green
              option httpchk GET /
              %s
              %s
            """
                .formatted(
                    home.resolve("haproxy.sock"),
                    front,
                    home.resolve("sides.map"),
                    servers.formatted(0, blue),
                    servers.formatted(0, green),
                    servers.formatted(1, green + 1)));
    Process haproxy =
        new ProcessBuilder("haproxy", "-db", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("haproxy.log").toFile())
            .start();
    running.add(haproxy::destroyForcibly);
  }

  private Void load(CountDownLatch end) throws InterruptedException {
    while (!end.await(3, TimeUnit.MILLISECONDS)) {
      try {
        ask();
        answered.incrementAndGet();
      } catch (IOException e) {
        failed.add(e.toString());
      }
    }
    return null;
  }

  private String ask() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + front + "/"))
                .timeout(Duration.ofSeconds(20))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  private boolean isAnswered() {
    try {
      return !ask().isEmpty();
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private long taken(String deployment) {
    try {
      Path file = home.resolve("work/taken." + deployment);
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  private static void awaitTrue(String what, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, what);
      assertFalse(new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS));
    }
  }

  private static boolean isInstalled(String program) {
    return List.of("/usr/sbin/", "/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/").stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder + program)));
  }

  /** Returns a free port; the three behind it are most likely free too. */
  private static int freePorts() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort() - 3;
    }
  }
}
