package io.rolehost.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process that is asked by lines and answers by lines. Not for use by several threads. */
final class Asked implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String END = "\0";
  private static final int TOLD = 30;

  private final String name;
  private final Process process;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Deque<String> last = new ArrayDeque<>();

  private Asked(String name, Process process) {
    this.name = name;
    this.process = process;
    Thread _ = Thread.ofVirtual().start(this::read);
  }

  /** Starts it; it sees no settings of whoever measures. */
  static Asked start(String name, List<String> command, Path folder) throws IOException {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("ROLEHOST_"));
    return new Asked(name, builder.start());
  }

  private void read() {
    try (var output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
      }
    } catch (IOException gone) {
      // with its process
    }
    lines.add(END);
  }

  void ask(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().flush();
  }

  /** Returns the next line of that kind; what comes before is passed over. */
  String answer(Predicate<String> wanted) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String line = lines.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (line == null || line.equals(END) || line.startsWith("failed: ")) {
        throw new IOException(
            name
                + (line == null ? " did not answer in " + PATIENCE.toSeconds() + " s" : " failed")
                + "; it said at last:\n"
                + String.join("\n", last)
                + (line == null || line.equals(END) ? "" : "\n" + line));
      }
      if (wanted.test(line)) {
        return line;
      }
      last.addLast(line);
      if (last.size() > TOLD) {
        last.removeFirst();
      }
    }
  }

  /** Kills it and waits until it is gone. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
