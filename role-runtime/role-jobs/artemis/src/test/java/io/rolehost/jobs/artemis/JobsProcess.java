package io.rolehost.jobs.artemis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.api.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A role host as a process of its own, with all that it says. */
public final class JobsProcess implements AutoCloseable {

  /** How long a test waits for anything at all. */
  public static final Duration PATIENCE = Duration.ofSeconds(90);

  private final String name;
  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;

  private JobsProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  /**
   * Starts one.
   *
   * @param name of the role, and so of its instance
   * @param folder working directory; its {@code state} is shared by all
   */
  public static JobsProcess start(
      String name, Class<? extends Role> role, Path folder, String... settings) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx192m",
            "--enable-native-access=ALL-UNNAMED",
            "-Drolehost.role.class=" + role.getName(),
            "-Drolehost.role.name=" + name,
            "-Drolehost.profile=azure",
            "-Drolehost.state-dir=" + folder.resolve("state"),
            "-Drolehost.management.port=0",
            "-Drolehost.stop.grace=10s",
            "-Drolehost.log.to=stdout",
            "-Drolehost.freeze.auto.enabled=false",
            "-Dfolder=" + folder));
    for (String setting : settings) {
      command.add("-D" + setting);
    }
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "io.rolehost.runtime.RoleHost"));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectErrorStream(true);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("ROLEHOST_"));
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    return new JobsProcess(name, builder.start());
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        synchronized (lines) {
          lines.add(line);
        }
      }
    } catch (IOException e) {
      // The process is gone.
    }
  }

  /** Returns all that it has said. */
  public String output() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until it has said that. */
  public JobsProcess awaitOutput(String text) {
    await("output has '" + text + "'", () -> output().contains(text));
    return this;
  }

  /** Waits as long as it lives. */
  public void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end || (!process.isAlive() && !condition.getAsBoolean())) {
        throw new AssertionError(
            name + " was waited for in vain until " + what + "; it said:\n" + output());
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  /** Ends it as the system's killer does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(name + " can't be killed");
    }
  }

  /** Sends it a signal by its name, without SIG. */
  public void signal(String signal) throws IOException, InterruptedException {
    int code = new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor();
    if (code != 0) {
      throw new AssertionError("kill -" + signal + " failed with " + code);
    }
  }

  /** Waits for its end. */
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(name + " does not end; it said:\n" + output());
    }
    boolean _ = reader.join(PATIENCE);
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
