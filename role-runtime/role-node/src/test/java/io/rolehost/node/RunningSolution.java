package io.rolehost.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.node.process.Console;
import io.rolehost.node.process.Launcher;
import io.rolehost.node.solution.Solution;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.process.SystemTime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A node in this process that runs a solution with real children. */
final class RunningSolution implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Semaphore happened = new Semaphore(0);
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final Console console;
  private final Freezes freezes;
  private final Launcher launcher;
  private final Node node;
  private final Solution solution;
  private final Future<Integer> running;

  private RunningSolution(Path folder, String text, Map<String, String> environment)
      throws Exception {
    Path file = folder.resolve("solution.conf");
    Files.writeString(file, "rolehost.management.port = 0\n" + text);
    solution =
        SolutionReader.read(
            file,
            new Surroundings(
                environment,
                Map.of("user.name", System.getProperty("user.name")),
                folder,
                false,
                ProcessHandle.current().pid()));
    SystemTime time = new SystemTime();
    console = new Console(new PrintStream(printed, true, UTF_8), false, 8);
    freezes = SwitchFreezes.of(solution, time);
    launcher =
        new Launcher(
            solution.node(), environment, folder, Path.of(System.getProperty("java.home")));
    node = new Node(solution, launcher, console, freezes, time, time, new Random(1));
    var _ = node.onEvent(_ -> happened.release());
    running = thread.submit(node::run);
  }

  static RunningSolution start(Path folder, String text) throws Exception {
    return start(folder, text, Map.of("PATH", System.getenv("PATH")));
  }

  static RunningSolution start(Path folder, String text, Map<String, String> environment)
      throws Exception {
    return new RunningSolution(folder, text, environment);
  }

  Node node() {
    return node;
  }

  Launcher launcher() {
    return launcher;
  }

  Solution solution() {
    return solution;
  }

  Supervised instance(String id) {
    return node.instances().stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
  }

  String why(String id) {
    return new NodeStatus(node).why(instance(id));
  }

  /** Returns the transitions so far, each as {@code a_IN_0 READY}. */
  List<String> history() {
    return node.eventsAfter(0).stream()
        .filter(entry -> !entry.from().equals(entry.to()))
        .map(entry -> instanceOf(entry) + " " + entry.to())
        .toList();
  }

  private static String instanceOf(JournalEntry entry) {
    return String.valueOf(entry.detail().get("instance"));
  }

  void awaitState(String id, String state) throws InterruptedException {
    await(() -> instance(id).stateName().equals(state), id + " " + state);
  }

  /** Waits until a line was printed by an instance, or told about it. */
  void awaitLine(String part) throws InterruptedException {
    await(() -> printed().contains(part), "line with '" + part + "'");
  }

  void await(BooleanSupplier condition, String what) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("no " + what + " in " + history() + "\n" + printed());
      }
      // Lines come without an event, so it is looked at now and then too.
      var _ = happened.tryAcquire(20, TimeUnit.MILLISECONDS);
    }
  }

  String printed() {
    return printed.toString(UTF_8);
  }

  /** Returns the lines of an instance, without its name before them. */
  List<String> linesOf(String id) {
    return printed()
        .lines()
        .filter(line -> line.startsWith(id + " "))
        .map(line -> line.substring(line.indexOf('|') + 2))
        .toList();
  }

  int stop() throws Exception {
    node.stop("test");
    return exitCode();
  }

  int exitCode() throws Exception {
    return running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    try {
      if (!running.isDone()) {
        node.stop("test");
        node.stop("test");
        var _ = exitCode();
      }
    } catch (Exception e) {
      throw new IllegalStateException("the node did not end:\n" + printed(), e);
    } finally {
      thread.shutdownNow();
      console.close();
      freezes.close();
    }
  }
}
