package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Role;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Six instances under one node, and whatever may happen to them, at random. */
final class ChaosProcessTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<String> done = new ArrayList<>();

  /** Does nothing, for ever. */
  public static final class Idle implements Role {}

  @Test
  void instances_underRandomBlows_keepTheInvariants_andComeBack() throws Exception {
    chaos(Duration.ofSeconds(20));
  }

  @Test
  @Tag("long")
  void instances_underRandomBlowsForAnHour_keepTheInvariants_andComeBack() throws Exception {
    chaos(Duration.ofHours(1));
  }

  private void chaos(Duration time) throws Exception {
    System.out.println("ChaosProcessTest -Dseed=" + seed);
    writeSolution();
    try (RunningNode node = RunningNode.start(folder)) {
      var _ = node.await(0, "worker_IN_1 ready");
      awaitAllReady(node);
      long threads = threads(node);
      long descriptors = descriptors(node);
      long end = System.nanoTime() + time.toNanos();
      while (System.nanoTime() - end < 0) {
        strike(node);
        look(node);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(400)));
      }

      thaw(node);
      awaitAllReady(node);
      await(
          node, "no process but the instances, their spares and the guard", () -> rest(node) == 0);
      assertTrue(threads(node) <= threads + 12, () -> threads + " threads, now " + threads(node));
      assertTrue(
          descriptors(node) <= descriptors + 24,
          () -> descriptors + " descriptors, now " + descriptors(node));
      Said journals = node.verb("verify-journal");
      assertEquals(0, journals.code(), journals.out() + journals.err());
      node.terminate();
      assertEquals(0, node.exitCode());
      assertEquals(Set.of(), ours());
    } catch (AssertionError e) {
      throw new AssertionError("-Dseed=" + seed + " " + e.getMessage() + "; done: " + done, e);
    }
  }

  /** Each time another one, so that a deploy has something to do. */
  private void writeSolution() throws IOException {
    Path _ = Files.writeString(folder.resolve("solution.conf"), solution(random.nextInt()));
  }

  private static String solution(int stamp) {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> '"' + entry + '"')
            .collect(Collectors.joining(", "));
    String host =
        """
        class-path = [%s]
          jvm-options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", -Xmx64m, "-Drolehost.role.class=%s",
                         "-Drolehost.stop.drain.min=0 s", "-Drolehost.stop.grace=5 s"]\
        """
            .formatted(classPath, Idle.class.getName());
    return """
    roles {
      web { instances = 2, hot-spare = true, %1$s, %2$s }
      worker { instances = 2, %1$s, %2$s }
      other { instances = 2, command = [sh, -c, "sleep 600 & exec cat"], %2$s }
    }
    rolehost { profile = azure, freeze.auto.enabled = false }
    """
        .formatted(
            host, "back-off { initial = 100ms, cap = 500ms }, env { STAMP = \"" + stamp + "\" }");
  }

  /** One blow. */
  private void strike(RunningNode node) throws IOException {
    List<Long> pids = new ArrayList<>();
    for (Map<?, ?> instance : node.instances()) {
      for (String key : List.of("pid", "standbyPid")) {
        if (instance.get(key) instanceof Number pid) {
          pids.add(pid.longValue());
        }
      }
    }
    String role = List.of("web", "worker", "other").get(random.nextInt(3));
    switch (random.nextInt(13)) {
      case 0, 1, 2, 3 -> signal("KILL", pids);
      case 4 -> signal("TERM", pids);
      case 5 -> signal("STOP", pids);
      case 6, 7 -> goOn(pids);
      case 8 -> verb(node, "freeze", "role:" + role, "--reason", "chaos");
      case 9 -> thaw(node);
      case 10 -> verb(node, "restart", role + "_IN_" + random.nextInt(2));
      case 11 -> {
        writeSolution();
        verb(node, "deploy", role);
      }
      default -> verb(node, "scale", role, String.valueOf(1 + random.nextInt(2)));
    }
  }

  private void signal(String name, List<Long> pids) throws IOException {
    if (!pids.isEmpty()) {
      long pid = pids.get(random.nextInt(pids.size()));
      done.add(name + " " + pid);
      kill(name, pid);
    }
  }

  private static void goOn(List<Long> pids) throws IOException {
    for (long pid : pids) {
      kill("CONT", pid);
    }
  }

  private static void kill(String name, long pid) throws IOException {
    try {
      int _ = new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void verb(RunningNode node, String... words) {
    done.add(String.join(" ", words));
    var _ = node.verb(words); // what is refused in a state is refused
  }

  private void thaw(RunningNode node) {
    for (String role : List.of("web", "worker", "other")) {
      verb(node, "unfreeze", "role:" + role);
    }
  }

  /** What holds at any moment. */
  private static void look(RunningNode node) throws IOException {
    Map<Object, Object> owners = new HashMap<>();
    for (Map<?, ?> instance : node.instances()) {
      if ("FROZEN".equals(instance.get("state"))) {
        assertEquals(null, instance.get("pid"), () -> "frozen with a process: " + instance);
        assertEquals(null, instance.get("standbyPid"), () -> "frozen with a spare: " + instance);
      }
      for (String key : List.of("pid", "standbyPid")) {
        if (instance.get(key) instanceof Number pid) {
          assertEquals(null, owners.put(pid, instance), () -> "one process for two: " + pid);
        }
      }
    }
  }

  private void awaitAllReady(RunningNode node) throws IOException {
    for (String role : List.of("web", "worker", "other")) {
      done.add("scale " + role + " 2");
      // Refused while another order for the role is under way.
      await(
          node,
          role + " is scaled to 2",
          () -> {
            wake(node);
            return node.verb("scale", role, "2").code() == 0;
          });
    }
    await(
        node,
        "all six are ready",
        () -> {
          wake(node);
          List<Map<?, ?>> instances = instances(node);
          boolean ready = true;
          for (Map<?, ?> instance : instances) {
            if (!"ready".equals(instance.get("word"))) {
              ready = false;
            } else if ("web".equals(instance.get("role")) && instance.get("standbyPid") == null) {
              ready = false;
            }
          }
          return ready && instances.size() == 6;
        });
  }

  /** Lets those go on that were stopped. */
  private void wake(RunningNode node) {
    for (Map<?, ?> instance : instances(node)) {
      if (instance.get("pid") instanceof Number pid) {
        quietly(() -> kill("CONT", pid.longValue()));
      }
    }
  }

  private interface Acts {
    void act() throws IOException;
  }

  private static void quietly(Acts acts) {
    try {
      acts.act();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Map<?, ?>> instances(RunningNode node) {
    try {
      return node.instances();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(RunningNode node, String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "waited in vain until " + what + "; " + String.join("\n", node.since(0)));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
  }

  /** Returns how many of the node's children are neither an instance, a spare nor the guard. */
  private static long rest(RunningNode node) {
    Set<Long> known = new HashSet<>();
    for (Map<?, ?> instance : instances(node)) {
      for (String key : List.of("pid", "standbyPid")) {
        if (instance.get(key) instanceof Number pid) {
          known.add(pid.longValue());
        }
      }
    }
    long unknown =
        node.handle()
            .children()
            .filter(child -> child.isAlive() && !known.contains(child.pid()))
            .count();
    return unknown - 1;
  }

  private static long threads(RunningNode node) {
    return count(Path.of("/proc/" + node.handle().pid() + "/task"));
  }

  private static long descriptors(RunningNode node) {
    return count(Path.of("/proc/" + node.handle().pid() + "/fd"));
  }

  private static long count(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the processes with this state directory in their environment. */
  private Set<String> ours() throws IOException {
    Set<String> found = new HashSet<>();
    String mark = "ROLEHOST_STATE_DIR=" + folder.resolve(".rolehost");
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.toList()) {
        if (has(process, mark)) {
          found.add(process.toString());
        }
      }
    }
    return found;
  }

  private static boolean has(Path process, String mark) {
    try {
      return Files.readString(process.resolve("environ"), UTF_8).contains(mark);
    } catch (IOException e) {
      return false;
    }
  }
}
