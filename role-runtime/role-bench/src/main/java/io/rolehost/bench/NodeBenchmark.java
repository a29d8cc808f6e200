package io.rolehost.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.node.control.ControlClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The node beside other supervisors of one machine, and what it costs by itself. */
final class NodeBenchmark {

  private static final String READY_PATH = "/";

  private final Path root;
  private final String java;
  private final Path work;

  NodeBenchmark(Path root, String java, Path work) {
    this.root = root;
    this.java = java;
    this.work = work;
  }

  /**
   * From SIGKILL of photo-web to the first 200 of its replacement at its own endpoint, in
   * milliseconds.
   */
  Samples replacement(Supervising.Kind kind, int rounds) throws IOException {
    int port = freePort();
    Samples millis = new Samples();
    try (Supervising supervisor = Supervising.start(kind, root, java, work, port)) {
      Supervising.await("photo-web", () -> RawHttp.status(port, READY_PATH) == 200);
      for (int round = 0; round <= rounds; round++) {
        supervisor.awaitPrepared(kind);
        Quiet.await();
        ProcessHandle live = ProcessHandle.of(supervisor.pid()).orElseThrow();
        long killed = System.nanoTime();
        boolean _ = live.destroyForcibly();
        Supervising.await("its end", () -> RawHttp.status(port, READY_PATH) != 200);
        Supervising.await("its replacement", () -> RawHttp.status(port, READY_PATH) == 200);
        if (round > 0) { // the first fills caches
          millis.add((System.nanoTime() - killed) / 1e6);
        }
      }
    }
    return millis;
  }

  /** From SIGKILL of a child to the line in which the node says so, in milliseconds. */
  Samples noticed(int rounds) throws IOException, InterruptedException {
    Samples millis = new Samples();
    try (OfSleepers node = new OfSleepers("back-off { initial = 1ms, cap = 2ms }", 1)) {
      Map<?, ?> sleeper = node.awaitReady().getFirst();
      for (int round = 0; round < rounds; round++) {
        long pid = ((Number) pidOf(sleeper)).longValue();
        node.lines.clear();
        long killed = System.nanoTime();
        boolean _ = ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        millis.add((node.awaitLine("ended with 137") - killed) / 1e6);
        sleeper = node.awaitReady().getFirst();
      }
    }
    return millis;
  }

  /** What a node with many children answers and costs. */
  record Cost(
      Samples socketMillis, Samples commandMillis, Samples bareMillis, double residentMib) {}

  /** Asks a node of that many children for its status. */
  Cost cost(int children, int rounds) throws IOException, InterruptedException {
    Cost cost;
    try (OfSleepers node = new OfSleepers("", children)) {
      var _ = node.awaitReady();
      ControlClient client = ControlClient.of(node.folder.resolve(".rolehost"));
      Samples socket = new Samples();
      Samples command = new Samples();
      Samples bare = new Samples();
      for (int round = 0; round <= rounds; round++) {
        Quiet.await();
        long asked = System.nanoTime();
        var _ = client.ask("status", Map.of());
        double answered = (System.nanoTime() - asked) / 1e6;
        double ran = time(node.folder, rolehost("status", "--json"));
        double ranBare =
            time(
                node.folder,
                List.of(
                    java,
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.rolehost.bench.peer.Nothing"));
        if (round > 0) {
          socket.add(answered);
          command.add(ran);
          bare.add(ranBare);
        }
      }
      cost = new Cost(socket, command, bare, node.residentMib());
    }
    return cost;
  }

  private List<String> rolehost(String... words) {
    return Supervising.rolehost(root, java, words);
  }

  private static double time(Path folder, List<String> command)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException(command + " ended with " + code);
    }
    return (System.nanoTime() - began) / 1e6;
  }

  private static Object pidOf(Map<?, ?> instance) {
    Object pid = instance.get("pid");
    if (pid == null) {
      throw new IllegalStateException("no process: " + instance);
    }
    return pid;
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A node whose children do nothing. */
  private final class OfSleepers implements AutoCloseable {
    private record Line(long at, String text) {}

    private final Path folder = Files.createTempDirectory(work, "sleepers-");
    private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();
    private final Process process;

    OfSleepers(String more, int instances) throws IOException {
      String solution =
          """
          roles.sleeper { command = [sleep, 100000], instances = %d, %s }
          rolehost { profile = azure, management.port = 0, freeze.auto.enabled = false }
          """
              .formatted(instances, more);
      process =
          new ProcessBuilder(Supervising.node(root, java, folder, solution))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      Thread _ = Thread.ofPlatform().daemon().name("lines").start(this::read);
    }

    private void read() {
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          lines.add(new Line(System.nanoTime(), line));
        }
      } catch (IOException e) {
        // it ended
      }
    }

    /** Returns when a line came. */
    long awaitLine(String part) throws InterruptedException, IOException {
      while (true) {
        Line line = lines.poll(1, TimeUnit.MINUTES);
        if (line == null) {
          throw new IOException("no line with " + part);
        }
        if (line.text().contains(part)) {
          return line.at();
        }
      }
    }

    /** Returns the instances, all of them ready. */
    List<Map<?, ?>> awaitReady() throws IOException {
      List<Map<?, ?>> found = new ArrayList<>();
      Supervising.await(
          "the sleepers",
          () -> {
            found.clear();
            try {
              Map<String, Object> status =
                  ControlClient.of(folder.resolve(".rolehost")).ask("status", Map.of());
              for (Object each : (List<?>) status.getOrDefault("instances", List.of())) {
                Map<?, ?> instance = (Map<?, ?>) each;
                if (!"ready".equals(instance.get("word"))) {
                  return false;
                }
                found.add(instance);
              }
            } catch (IOException notYet) {
              return false;
            }
            return !found.isEmpty();
          });
      return found;
    }

    double residentMib() throws IOException {
      for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
        }
      }
      throw new IOException("the node is gone");
    }

    @Override
    public void close() {
      List<ProcessHandle> below = process.descendants().toList();
      process.destroy();
      process.onExit().join();
      below.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
