package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import io.rolehost.api.TaskContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps tasks from getting on is named, and the host goes on. */
final class StallProcessTest {

  @TempDir Path folder;

  /** Two tasks that take two monitors in different orders, once both have the first. */
  public static final class Deadlocked implements Role {
    private static final Object LEFT = new Object();
    private static final Object RIGHT = new Object();
    private static final CountDownLatch BOTH = new CountDownLatch(2);

    @Override
    public boolean onStart(RoleContext context) {
      boolean silent = Boolean.getBoolean("test.silent");
      var _ =
          context.tasks().start(Task.named("left").body(task -> lock(task, silent, LEFT, RIGHT)));
      var _ =
          context.tasks().start(Task.named("right").body(task -> lock(task, silent, RIGHT, LEFT)));
      return true;
    }

    private static void lock(TaskContext task, boolean silent, Object first, Object second)
        throws InterruptedException {
      if (!silent) {
        task.progress(1);
      }
      synchronized (first) {
        BOTH.countDown();
        BOTH.await();
        Roles.say("waits since " + Instant.now());
        synchronized (second) {
          throw new IllegalStateException("no other has it");
        }
      }
    }
  }

  /** One task that never pauses, and one that counts its own wake-ups. */
  public static final class Spinning implements Role {
    private static volatile long sink;

    @Override
    public boolean onStart(RoleContext context) {
      var _ =
          context
              .tasks()
              .start(
                  Task.named("spinner")
                      .body(task -> {
                        while (!task.stopToken().isStopRequested()) {
                          sink = sink * 31 + 7;
                          task.progress(sink);
                        }
                      }));
      var _ =
          context
              .tasks()
              .start(
                  Task.named("other")
                      .body(task -> {
                        for (long woken = 1; !task.stopToken().isStopRequested(); woken++) {
                          task.progress(woken);
                          LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                        }
                      }));
      return true;
    }
  }

  /** Tasks that contend for locks, all in one order, as fast as they can. */
  public static final class Contended implements Role {
    private static final Object MONITOR = new Object();
    private static final ReentrantLock LOCK = new ReentrantLock();

    @Override
    public boolean onStart(RoleContext context) {
      for (int i = 0; i < 12; i++) {
        var _ =
            context
                .tasks()
                .start(
                    Task.named("t" + i)
                        .body(task -> {
                          task.progress(1); // and never again: each counts as standing still
                          while (!task.stopToken().isStopRequested()) {
                            work();
                          }
                        }));
      }
      return true;
    }

    private static void work() {
      synchronized (MONITOR) {
        LOCK.lock();
        try {
          LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        } finally {
          LOCK.unlock();
        }
      }
    }
  }

  @Test
  void monitors_thatTwoTasksWaitFor_areNamedWithBothStacksAndNothingIsRestarted() {
    try (HostProcess host =
        HostProcess.of(Deadlocked.class, folder)
            .option("--enable-native-access=ALL-UNNAMED")
            .start()) {
      host.awaitReady().awaitOutput("Deadlock: task \"left\", attempt 1 waits for monitor");
      host.await(
          "a count of 1", () -> host.get("/metrics").contains("rolehost_deadlocks_total 1.0"));
      host.await(
          "a line in /explain", () -> host.get("/explain").contains("attempt 1 waits for monitor"));
      assertEquals(200, host.status("/livez"));
      assertFalse(host.output().contains("attempt 2"), host.output());
    }
  }

  @Test
  void monitors_ofTasksThatNeverReportProgress_areNamedToo() {
    try (HostProcess host =
        HostProcess.of(Deadlocked.class, folder)
            .option("--enable-native-access=ALL-UNNAMED")
            .set("test.silent", "true")
            .start()) {
      host.awaitReady().awaitOutput("Deadlock: task \"left\", attempt 1 waits for monitor");
    }
  }

  /** Several times, each with another moment between two looks; for a machine that has the time. */
  @Test
  @Tag("long")
  void monitors_thatTwoTasksWaitFor_areNamedWithinTenSeconds() throws IOException {
    for (int round = 0; round < 5; round++) {
      Path own = Files.createDirectory(folder.resolve("round-" + round));
      try (HostProcess host =
          HostProcess.of(Deadlocked.class, own)
              .option("--enable-native-access=ALL-UNNAMED")
              .set("test.silent", Boolean.toString(round % 2 == 1))
              .start()) {
        host.awaitReady().awaitOutput("Deadlock: ");
        host.await("its event", () -> stalls(host).findFirst().isPresent());
        Instant told = stalls(host).findFirst().orElseThrow();
        Instant since =
            host.events().stream()
                .filter(event -> event.startsWith("waits since "))
                .map(event -> Instant.parse(event.substring("waits since ".length())))
                .max(Instant::compareTo)
                .orElseThrow();
        Duration took = Duration.between(since, told);
        assertTrue(took.compareTo(Duration.ofSeconds(10)) <= 0, "found after " + took);
      }
    }
  }

  private static Stream<Instant> stalls(HostProcess host) {
    try {
      return Files.readAllLines(host.stateDir().resolve("journal/test_IN_0.jsonl")).stream()
          .filter(line -> line.contains("\"type\":\"stall\"") && line.endsWith("}"))
          .map(ConfigFactory::parseString)
          .map(entry -> Instant.parse(entry.getString("at")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void body_thatSpinsOnTheOnlyCarrier_isNamedAndOthersGoOn() {
    try (HostProcess host =
        HostProcess.of(Spinning.class, folder)
            .option("-Djdk.virtualThreadScheduler.parallelism=1")
            .start()) {
      host.awaitReady().awaitOutput("Task \"spinner\", attempt 1 has kept carrier");
      assertTrue(host.output().contains("cpuBound()"), host.output());
      assertEquals(200, host.status("/livez"));
      long before = progressOfOther(host);
      host.await("the other task goes on", () -> progressOfOther(host) > before + 10);
      assertTrue(host.get("/explain").contains("has kept carrier"));
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
  }

  private static long progressOfOther(HostProcess host) {
    return com.typesafe.config.ConfigFactory.parseString(host.get("/status"))
        .getConfigList("tasks")
        .stream()
        .filter(task -> task.getString("name").equals("other") && task.hasPath("progress"))
        .mapToLong(task -> task.getLong("progress"))
        .findFirst()
        .orElse(0);
  }

  @Test
  void contention_ofTenSeconds_isNeverTakenForADeadlock() {
    try (HostProcess host =
        HostProcess.of(Contended.class, folder)
            .option("--enable-native-access=ALL-UNNAMED")
            .start()) {
      host.awaitReady();
      long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      host.await("ten seconds to pass", () -> System.nanoTime() - end > 0);
      assertTrue(host.get("/metrics").contains("rolehost_deadlocks_total 0.0"));
      assertFalse(host.output().contains("deadlock"), host.output());
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
  }
}
