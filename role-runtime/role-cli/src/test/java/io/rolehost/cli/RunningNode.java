package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.node.control.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code rolehost up} as a process of its own, with all that it prints. */
final class RunningNode implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path stateDir;
  private final List<String> lines = new ArrayList<>();

  private RunningNode(Process process, Path stateDir) {
    this.process = process;
    this.stateDir = stateDir;
  }

  /** Starts the node in a folder with a {@code solution.conf}. */
  static RunningNode start(Path folder) throws IOException {
    return start(folder, Map.of());
  }

  /** Starts it with variables of its own. */
  static RunningNode start(Path folder, Map<String, String> variables) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.rolehost.cli.Main",
                "up")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLEHOST_"));
    builder.environment().put("ROLEHOST_MANAGEMENT_PORT", "0"); // tests run beside each other
    builder.environment().putAll(variables);
    RunningNode node = new RunningNode(builder.start(), folder.resolve(".rolehost"));
    Thread.ofPlatform().daemon().name("node-output").start(node::read);
    return node;
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      String line = reader.readLine();
      while (line != null) {
        synchronized (lines) {
          lines.add(line);
          lines.notifyAll();
        }
        line = reader.readLine();
      }
    } catch (IOException e) {
      // it ended
    }
  }

  /** Returns how many lines were printed so far. */
  int mark() {
    synchronized (lines) {
      return lines.size();
    }
  }

  /** Returns the lines printed after a mark. */
  List<String> since(int mark) {
    synchronized (lines) {
      return List.copyOf(lines.subList(mark, lines.size()));
    }
  }

  /** Waits for a line, printed after a mark, in which an expression is found. */
  Matcher await(int mark, String expression) throws InterruptedException {
    Pattern pattern = Pattern.compile(expression);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    int next = mark;
    synchronized (lines) {
      while (true) {
        for (; next < lines.size(); next++) {
          Matcher found = pattern.matcher(lines.get(next));
          if (found.find()) {
            return found;
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError(
              "no line with '" + expression + "' in:\n" + String.join("\n", lines));
        }
        lines.wait(left);
      }
    }
  }

  /** Runs a verb on this node, in this process. */
  Said verb(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--state-dir");
    all.add(stateDir.toString());
    return Said.by(all.toArray(String[]::new));
  }

  /** Returns what the node says of each instance. */
  List<Map<?, ?>> instances() throws IOException {
    List<Map<?, ?>> instances = new ArrayList<>();
    for (Object instance :
        (List<?>) Json.read(verb("status", "--json").out()).getOrDefault("instances", List.of())) {
      instances.add((Map<?, ?>) instance);
    }
    return instances;
  }

  Map<?, ?> instance(String id) throws IOException {
    for (Map<?, ?> instance : instances()) {
      if (id.equals(instance.get("instance"))) {
        return instance;
      }
    }
    throw new AssertionError("no " + id);
  }

  ProcessHandle child(String id) throws IOException {
    long pid = Long.parseLong(String.valueOf(instance(id).get("pid")));
    return ProcessHandle.of(pid).orElseThrow();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  void terminate() {
    process.toHandle().destroy();
  }

  void kill() {
    process.toHandle().destroyForcibly();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the node did not end:\n" + String.join("\n", lines));
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
