package io.rolehost.spring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A Spring Boot application's own jar, started as its users start it, in a folder. */
final class BootProcess implements AutoCloseable {
  static final String INSTANCE = "photos_IN_0";
  static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private static final long PATIENCE_SECONDS = 90;

  /** An application for each version that is supported, of the same sources. */
  enum Application {
    BOOT_3,
    BOOT_4;

    Path jar() {
      Path jar =
          Path.of("../spring-boot-" + (this == BOOT_3 ? 3 : 4) + "-app/target/photos.jar")
              .toAbsolutePath()
              .normalize();
      assertTrue(Files.isRegularFile(jar), () -> jar + ": run 'mvn package' first");
      return jar;
    }
  }

  private final Path home;
  private final Process process;

  private BootProcess(Path home, Process process) {
    this.home = home;
    this.process = process;
  }

  /** Starts {@code java -D… -jar photos.jar} with a free port. */
  static BootProcess start(Application application, Path home, String... settings)
      throws IOException {
    List<String> options = new ArrayList<>(quick());
    options.add("-Drolehost.profile=azure");
    options.add("-Drolehost.management.port=0");
    for (String setting : settings) {
      options.add("-D" + setting);
    }
    options.addAll(List.of("-jar", application.jar().toString(), "--server.port=0"));
    return run(home, options);
  }

  /** Starts {@code rolehost up} in a folder with a {@code solution.conf}. */
  static BootProcess startNode(Path home) throws IOException {
    List<String> options = new ArrayList<>(quick());
    options.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "io.rolehost.cli.Main", "up"));
    return run(home, options);
  }

  private static List<String> quick() {
    return List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");
  }

  private static BootProcess run(Path home, List<String> options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("output.log").toFile()));
    builder.environment().keySet().removeIf(key -> key.startsWith("ROLEHOST_"));
    return new BootProcess(home, builder.start());
  }

  /** Waits until the application is open and returns its port. */
  int httpPort() throws Exception {
    return runFile("endpoints.http").getInt("endpoints.http");
  }

  int managementPort() throws Exception {
    return runFile("port").getInt("port");
  }

  private Config runFile(String key) throws Exception {
    Path file = home.resolve(".rolehost/run/" + INSTANCE + ".json");
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        System.nanoTime() < end; ) {
      assertTrue(process.isAlive(), () -> "it ended with " + process.exitValue() + output());
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
    throw new AssertionError("it did not come up" + output());
  }

  static HttpResponse<String> get(int port, String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Asks until the answer is as wanted, and returns it. */
  HttpResponse<String> await(int port, String path, Predicate<HttpResponse<String>> wanted)
      throws Exception {
    String last = "";
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        System.nanoTime() < end; ) {
      try {
        HttpResponse<String> answer = get(port, path);
        if (wanted.test(answer)) {
          return answer;
        }
        last = answer.statusCode() + " " + answer.body();
      } catch (IOException e) {
        last = e.toString();
      }
      assertTrue(process.isAlive(), () -> "it ended with " + process.exitValue() + output());
      var _ = process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    throw new AssertionError(path + " is not as wanted, but " + last + output());
  }

  /** Waits until a line with this is among what was printed. */
  void awaitOutput(String part) throws Exception {
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        System.nanoTime() < end; ) {
      if (output().contains(part)) {
        return;
      }
      assertTrue(process.isAlive(), () -> "it ended with " + process.exitValue() + output());
      var _ = process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    throw new AssertionError("'" + part + "' was not printed" + output());
  }

  void terminate() {
    process.destroy();
  }

  int exitCode() throws InterruptedException {
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "it goes on" + output());
    return process.exitValue();
  }

  String output() {
    try {
      return ":\n" + Files.readString(home.resolve("output.log"));
    } catch (IOException e) {
      return ": " + e;
    }
  }

  @Override
  public void close() {
    process
        .descendants()
        .forEach(child -> {
          var _ = child.destroyForcibly();
        });
    var _ = process.destroyForcibly();
  }
}
