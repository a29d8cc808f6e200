package io.rolehost.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.freeze.CrashLoop;
import io.rolehost.node.process.Console;
import io.rolehost.node.process.Launcher;
import io.rolehost.node.solution.NodeSettings;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.Solution;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.process.SystemTime;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A node in the process of the test, on a thread of its own that lives as long as the node. */
final class NodeInProcess implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Console console;
  private final Freezes freezes;
  private final Node node;
  private final Thread thread;
  private volatile int code = -1;

  NodeInProcess(Path folder, RoleSpec... roles) throws Exception {
    this(folder, false, roles);
  }

  NodeInProcess(Path folder, boolean aot, RoleSpec... roles) throws Exception {
    SystemTime time = new SystemTime();
    Solution solution = new Solution(Optional.empty(), settings(folder, aot), List.of(roles));
    console = new Console(new PrintStream(printed, true, UTF_8), false, 8);
    freezes = SwitchFreezes.of(solution, time);
    Launcher launcher =
        new Launcher(
            solution.node(),
            Map.of("PATH", System.getenv("PATH")),
            folder,
            Path.of(System.getProperty("java.home")));
    node = new Node(solution, launcher, console, freezes, time, time, new Random(1));
    thread = Thread.ofPlatform().name("node").start(this::run);
  }

  private void run() {
    try {
      code = node.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns a role host as a program: its classes are those of this test. */
  static Program host(Class<?> role) {
    return new Program.ClassPath(
        classPath(),
        Program.ROLE_HOST,
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Drolehost.role.class=" + role.getName(),
            "-Drolehost.stop.drain.min=0 s"),
        List.of());
  }

  static List<Path> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .toList();
  }

  private static NodeSettings settings(Path folder, boolean aot) {
    return new NodeSettings(
        NodeSettings.Profile.AZURE,
        "default",
        folder.resolve("state"),
        new NodeSettings.Management(
            "127.0.0.1", 0, false, HostSettings.Tokens.NONE, List.of(), Optional.empty()),
        new NodeSettings.AutoFreeze(
            false, new CrashLoop.Limits(5, 5, Duration.ofMinutes(10), 10), Duration.ofMinutes(15)),
        aot);
  }

  Node node() {
    return node;
  }

  Supervised instance(int index) {
    return node.instances().get(index);
  }

  long pid(int index) {
    return instance(index).child().orElseThrow().pid();
  }

  boolean ready(int index) {
    return instance(index).stateName().equals("READY");
  }

  void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain until " + what + "; printed:\n" + printed());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  String printed() {
    return printed.toString(UTF_8);
  }

  /** Stops the node and returns its exit code. */
  int stop() throws InterruptedException {
    node.stop("test");
    if (!thread.join(PATIENCE)) {
      throw new AssertionError("the node does not end; printed:\n" + printed());
    }
    return code;
  }

  @Override
  public void close() {
    for (Supervised instance : node.instances()) {
      instance
          .child()
          .flatMap(child -> ProcessHandle.of(child.pid()))
          .ifPresent(ProcessHandle::destroyForcibly);
    }
    freezes.close();
    console.close();
  }
}
