package io.rolehost.samples.photos.web;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A fat jar that runs as a user would start it: in a folder, with a few settings. */
final class HostProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Path home;
  private final String instance;
  private final Process process;

  private HostProcess(Path home, String instance, Process process) {
    this.home = home;
    this.instance = instance;
    this.process = process;
  }

  static HostProcess start(Path jar, Path home, String role, String... settings)
      throws IOException {
    List<String> options = new ArrayList<>(List.of("-Xmx256m", "-Drolehost.profile=dev"));
    options.add("-Drolehost.management.port=0");
    // None of these tests is about the time of a stop, for which dev leaves 3 s, broker and all.
    options.add("-Drolehost.stop.grace=20s");
    for (String setting : settings) {
      options.add("-D" + setting);
    }
    return start(jar, home, role, role + "_IN_0", options, List.of());
  }

  /** Starts {@code rolehost up} in a folder with a {@code solution.conf}. */
  static HostProcess startNode(Path jar, Path home) throws IOException {
    return start(jar, home, "node", "node", List.of(), List.of("up"));
  }

  private static HostProcess start(
      Path jar,
      Path home,
      String name,
      String instance,
      List<String> options,
      List<String> arguments)
      throws IOException {
    assertTrue(Files.isRegularFile(jar), () -> jar.toAbsolutePath() + ": run 'mvn package' first");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
    command.addAll(arguments);
    File log = home.resolve(name + ".log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    builder.environment().keySet().removeIf(key -> key.startsWith("ROLEHOST_"));
    return new HostProcess(home, instance, builder.start());
  }

  /** Waits until the endpoint is open and returns its port. */
  int httpPort() throws Exception {
    return runFile("endpoints.http").getInt("endpoints.http");
  }

  int managementPort() throws Exception {
    return runFile("port").getInt("port");
  }

  /** The run file of an incarnation that was killed stays behind, so the process id must match. */
  private Config runFile(String key) throws Exception {
    Path file = home.resolve(".rolehost/run/" + instance + ".json");
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        System.nanoTime() < end; ) {
      assertTrue(process.isAlive(), () -> instance + " ended with " + process.exitValue() + log());
      try {
        Config found = ConfigFactory.parseString(Files.readString(file));
        if (found.getLong("pid") == process.pid() && found.hasPath(key)) {
          return found;
        }
      } catch (IOException | ConfigException e) {
        // not there yet
      }
      var _ = process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    throw new AssertionError(instance + " did not come up" + log());
  }

  /** Lets it work for a while, then ends it by SIGKILL. */
  void killAfter(long milliseconds) throws InterruptedException {
    boolean ended = process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
    assertTrue(!ended, () -> instance + " ended by itself" + log());
    var _ = process.destroyForcibly();
    process.waitFor();
  }

  /**
   * Waits until a process of this node's runs an instance, lets it work for a while, and ends it by
   * SIGKILL. The node starts another.
   */
  void killChildAfter(String childInstance, long milliseconds) throws Exception {
    ProcessHandle child =
        PhotoClient.await(
            childInstance + " to be there",
            () -> {
              assertTrue(process.isAlive(), () -> "the node ended" + log());
              return child(childInstance);
            });
    boolean ended = process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
    assertTrue(!ended, () -> "the node ended" + log());
    var _ = child.destroyForcibly();
    var _ = child.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private Optional<ProcessHandle> child(String childInstance) {
    try {
      Path file = home.resolve(".rolehost/run/" + childInstance + ".json");
      long pid = ConfigFactory.parseString(Files.readString(file)).getLong("pid");
      return process.descendants().filter(one -> one.pid() == pid && one.isAlive()).findFirst();
    } catch (IOException | ConfigException e) {
      return Optional.empty(); // not there yet
    }
  }

  /** Waits for its end and returns its exit code. */
  int exitCode() throws InterruptedException {
    assertTrue(
        process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> instance + " goes on" + log());
    return process.exitValue();
  }

  /** Returns what a request that writes needs. */
  String token() throws IOException {
    return Files.readString(home.resolve(".rolehost/run/" + instance + ".token")).strip();
  }

  /** Ends it by SIGTERM and returns its exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    return exitCode();
  }

  @Override
  public void close() {
    var _ = process.destroyForcibly();
  }

  private String log() {
    try {
      Path log = home.resolve(instance.replace("_IN_0", "") + ".log");
      List<String> lines = Files.readAllLines(log);
      return ":\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException e) {
      return ": " + e;
    }
  }
}
