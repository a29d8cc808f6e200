package io.rolehost.runtime.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rolehost.api.Role;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A role host as a process of its own, with all that it says. */
final class HostProcess implements AutoCloseable {

  /** How long a loaded machine may take for anything that is not itself under test. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What is fastest for a process that lives for seconds. */
  static final List<String> JVM = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final Pattern PORT = Pattern.compile("management plane on http://[^:]+:(\\d+)");
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final Process process;
  private final Path stateDir;
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;
  private volatile int port;

  private HostProcess(Process process, Path stateDir) {
    this.process = process;
    this.stateDir = stateDir;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  /** What to start. */
  static final class Command {
    private final List<String> options = new ArrayList<>();
    private final List<String> environment = new ArrayList<>();
    private final Path folder;
    private final List<String> through = new ArrayList<>();
    private final List<String> program = new ArrayList<>();
    private final List<Path> classPath = new ArrayList<>();
    private boolean childOfNode;

    private Command(Class<? extends Role> role, Path folder) {
      this.folder = folder;
      Command _ =
          set("rolehost.role.class", role.getName())
              .set("rolehost.role.name", "test")
              .set("rolehost.profile", "azure")
              .set("rolehost.state-dir", folder.resolve("state").toString())
              .set("rolehost.management.port", "0")
              .set("rolehost.stop.grace", "10 s")
              .set("rolehost.stop.drain.min", "0 s");
    }

    /** Sets a system property; the last one of a name counts. */
    Command set(String key, String value) {
      options.removeIf(option -> option.startsWith("-D" + key + "="));
      options.add("-D" + key + "=" + value);
      return this;
    }

    /** Removes a setting of the defaults above. */
    Command unset(String key) {
      options.removeIf(option -> option.startsWith("-D" + key + "="));
      return this;
    }

    Command option(String option) {
      options.add(option);
      return this;
    }

    Command variable(String name, String value) {
      environment.add(name + "=" + value);
      return this;
    }

    /** Writes a configuration file and gives it by {@code -Dconfig.file}. */
    Command file(String content) {
      try {
        Files.writeString(configFile(), content);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return set("config.file", configFile().toString());
    }

    Path configFile() {
      return folder.resolve("application.conf");
    }

    Command childOfNode() {
      childOfNode = true;
      return variable("ROLEHOST_NODE", "1");
    }

    /** Has another program start the JVM; it must become the JVM by {@code exec}. */
    Command through(String... starter) {
      through.addAll(List.of(starter));
      return this;
    }

    /** Runs another main class than the host's own. */
    Command main(Class<?> main, String... arguments) {
      program.clear();
      program.add(main.getName());
      program.addAll(List.of(arguments));
      return this;
    }

    /** Puts a folder first on the class path. */
    Command classPathFirst(Path first) {
      classPath.addFirst(first);
      return this;
    }

    HostProcess start() {
      List<String> command = new ArrayList<>(through);
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(JVM);
      ClassArchive archive = ClassArchive.get();
      if (classPath.isEmpty()) {
        command.addAll(archive.options());
      }
      command.addAll(options);
      command.add("-cp");
      StringBuilder path = new StringBuilder();
      classPath.forEach(first -> path.append(first).append(File.pathSeparator));
      command.add(path.append(archive.classPath()).toString());
      command.addAll(program.isEmpty() ? List.of("io.rolehost.runtime.RoleHost") : program);
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.redirectErrorStream(true);
      builder.environment().keySet().removeIf(name -> name.startsWith("ROLEHOST_"));
      for (String variable : environment) {
        int equals = variable.indexOf('=');
        builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
      }
      if (!childOfNode) {
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      }
      try {
        return new HostProcess(builder.start(), folder.resolve("state"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static Command of(Class<? extends Role> role, Path folder) {
    return new Command(role, folder);
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        Matcher told = PORT.matcher(line);
        if (port == 0 && told.find()) {
          port = Integer.parseInt(requireNonNull(told.group(1)));
        }
        synchronized (lines) {
          lines.add(line);
        }
      }
    } catch (IOException e) {
      // The process is gone.
    }
  }

  Path stateDir() {
    return stateDir;
  }

  long pid() {
    return process.pid();
  }

  OutputStream stdin() {
    return process.getOutputStream();
  }

  String output() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  /** Returns what the role printed, one {@code EVENT name} a line, as names in their order. */
  List<String> events() {
    synchronized (lines) {
      return lines.stream()
          .filter(line -> line.contains("EVENT "))
          .map(line -> line.substring(line.indexOf("EVENT ") + "EVENT ".length()).strip())
          .toList();
    }
  }

  HostProcess awaitOutput(String text) {
    AtomicInteger looked = new AtomicInteger(); // thousands of lines, if the classes are listed
    await("output has '" + text + "'", () -> isFound(text, looked));
    return this;
  }

  private boolean isFound(String text, AtomicInteger looked) {
    synchronized (lines) {
      boolean found = false;
      int next = looked.get();
      for (; next < lines.size() && !found; next++) {
        found = lines.get(next).contains(text);
      }
      looked.set(found ? next - 1 : next);
      return found;
    }
  }

  HostProcess awaitEvent(String name) {
    await("event " + name, () -> events().contains(name));
    return this;
  }

  HostProcess awaitReady() {
    await("readyz is 200", () -> status("/readyz") == 200);
    return this;
  }

  HostProcess awaitState(String state) {
    await("state is " + state, () -> get("/status").contains("\"state\":\"" + state + "\""));
    return this;
  }

  void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "waited in vain until " + what + "; the process said:\n" + output());
      }
      if (!process.isAlive() && !reader.isAlive() && !condition.getAsBoolean()) {
        throw new AssertionError(
            "the process ended with " + process.exitValue() + " before " + what + ":\n" + output());
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  /** Waits for something that may come true after the process has ended. */
  static void awaitAnyway(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain until " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  int port() {
    await("the port of the management plane", () -> port != 0);
    return port;
  }

  /** Returns the status of a GET, or 0 if nobody answers. */
  int status(String path) {
    HttpResponse<String> response = send("GET", path, null);
    return response == null ? 0 : response.statusCode();
  }

  /** Returns the body of a GET, or nothing if nobody answers. */
  String get(String path) {
    HttpResponse<String> response = send("GET", path, null);
    return response == null ? "" : response.body();
  }

  /** Returns what {@code /status} says. */
  Config facts() {
    return ConfigFactory.parseString(get("/status"));
  }

  /** Returns the port of the only endpoint. */
  int endpointPort() {
    return facts().getConfigList("endpoints").getFirst().getInt("port");
  }

  /** Sends a request that writes, with the token of the run directory. */
  @Nullable HttpResponse<String> write(String method, String path, String body) {
    return send(method, path, body);
  }

  private @Nullable HttpResponse<String> send(String method, String path, @Nullable String body) {
    if (port == 0) {
      return null;
    }
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofSeconds(10))
              .method(
                  method,
                  body == null
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofString(body));
      if (!method.equals("GET")) {
        request.header("Authorization", "Bearer " + token());
      }
      return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String token() throws IOException {
    return Files.readString(stateDir.resolve("run").resolve("test_IN_0.token")).strip();
  }

  HostProcess signal(String name) {
    try {
      int code = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
      if (code != 0 && process.isAlive()) {
        throw new AssertionError("kill -" + name + " failed with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return this;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the end and returns the exit code; all output is read then. */
  int exitCode() {
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the process does not end; it said:\n" + output());
      }
      reader.join(PATIENCE);
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
