package io.rolehost.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Backoff;
import io.rolehost.api.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class VirtualTasksTest {

  @Test
  void task_failsThreeTimes_isRestartedAfterEachBackoff() {
    AtomicInteger failures = new AtomicInteger();
    try (VirtualTasks tasks = new VirtualTasks(1)) {
      var _ =
          tasks.start(
              Task.named("import")
                  .body(context -> {
                    boolean _ = context.stopToken().await(Duration.ofSeconds(10));
                    if (failures.incrementAndGet() <= 2) {
                      throw new IOException("no route to host");
                    }
                    context.stopToken().await();
                  })
                  .backoff(
                      Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(30))
                          .factor(2)
                          .jitter(0)));
      tasks.advance(Duration.ofHours(1));
      assertEquals(0, tasks.stop(Duration.ofSeconds(5)));
      assertEquals(
          List.of(
              "PT10S import failed, attempt 1: java.io.IOException: no route to host",
              "PT10S import starts again in 1 s, attempt 2",
              "PT21S import failed, attempt 2: java.io.IOException: no route to host",
              "PT21S import starts again in 2 s, attempt 3",
              "PT1H import is DONE"),
          tasks.history());
    }
  }

  /** A watcher must not be lost with what it watched (hashicorp/nomad#9176). */
  @Test
  void tenHangsOfAReplacedTask_areAllActedOn() {
    try (VirtualTasks tasks = new VirtualTasks(1)) {
      var _ =
          tasks.start(
              Task.named("poller")
                  .body(context -> {
                    // Works for two minutes, longer than its window, then stands still.
                    for (int i = 0; i < 12; i++) {
                      context.progress(i);
                      boolean _ = context.stopToken().await(Duration.ofSeconds(10));
                    }
                    context.stopToken().await();
                  })
                  .hang(Duration.ofSeconds(20), Duration.ofSeconds(40))
                  .backoff(Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(1)))
                  .budget(3, Duration.ofMinutes(1)));
      for (int hang = 1; hang <= 10; hang++) {
        tasks.advance(Duration.ofSeconds(151 + 2)); // 110 s, then 40 s without progress
        String failed =
            "poller failed, attempt " + hang + ": java.util.concurrent.TimeoutException";
        assertTrue(
            tasks.history().stream().anyMatch(line -> line.contains(failed)),
            () -> tasks.history().toString());
      }
      assertEquals(11, tasks.facts().getFirst().attempt());
      assertEquals("RUNNING", tasks.facts().getFirst().state());
    }
  }

  /** The grace of a start was not kept (hashicorp/nomad#9431). */
  @Test
  void hangLimits_ofATaskThatStartsSlowly_countFromItsAcknowledgedStart() {
    try (VirtualTasks tasks = new VirtualTasks(1)) {
      var _ =
          tasks.start(
              Task.named("index")
                  .body(context -> {
                    boolean _ = context.stopToken().await(Duration.ofSeconds(50));
                    context.started();
                    context.stopToken().await();
                  })
                  .startsWithin(Duration.ofMinutes(1))
                  .hang(Duration.ofSeconds(1), Duration.ofSeconds(2)));
      tasks.advance(Duration.ofSeconds(50));
      assertEquals(List.of(), tasks.history());
      assertFalse(tasks.facts().getFirst().suspect());
      tasks.advance(Duration.ofMillis(1_900));
      assertEquals(List.of(), tasks.history());
      assertTrue(tasks.facts().getFirst().suspect());
      tasks.advance(Duration.ofMillis(300));
      assertTrue(
          tasks.history().getFirst().contains("index failed, attempt 1: "),
          () -> tasks.history().toString());
    }
  }

  /** An exception silenced such tasks for ever (groupon/monsoon#89). */
  @Test
  void periodicTask_thatThrowsOnce_goesOnAndTheRestartIsCounted() {
    List<Duration> calls = new CopyOnWriteArrayList<>();
    try (VirtualTasks tasks = new VirtualTasks(1)) {
      var _ =
          tasks.start(
              Task.named("push")
                  .body(context -> {
                    calls.add(tasks.time().elapsed());
                    if (context.attempt() == 2) {
                      throw new IOException("broken pipe");
                    }
                  })
                  .every(Duration.ofMinutes(1)));
      assertEquals(0, failuresOf(tasks, "push"));
      tasks.advance(Duration.ofMinutes(4));
      assertEquals(List.of(0L, 1L, 2L, 3L, 4L), calls.stream().map(Duration::toMinutes).toList());
      assertEquals(1, failuresOf(tasks, "push"));
      assertEquals(
          1,
          tasks.history().stream().filter(line -> line.contains("push starts again in")).count());
      assertEquals("WAITING", tasks.facts().getFirst().state());
    }
  }

  /** How long a thread outside keeps a lock, on the machine's clock. */
  private static final long HELD_NANOS = Duration.ofMillis(60).toNanos();

  /** As a task that prints does, while a slow reader keeps another thread in the output's lock. */
  @Test
  void task_thatWaitsForALockOfAThreadOutside_isNotLeftBehindByTime() {
    ReentrantLock lock = new ReentrantLock();
    assertEquals(
        OptionalLong.of(7),
        positionAfterAMinute(action -> {
          lock.lock();
          try {
            action.run();
          } finally {
            lock.unlock();
          }
        }));
  }

  @Test
  void task_thatWaitsForAMonitorOfAThreadOutside_isNotLeftBehindByTime() {
    Object monitor = new Object();
    assertEquals(
        OptionalLong.of(7),
        positionAfterAMinute(action -> {
          synchronized (monitor) {
            action.run();
          }
        }));
  }

  private static OptionalLong positionAfterAMinute(Consumer<Runnable> inLock) {
    try (VirtualTasks tasks = new VirtualTasks(1)) {
      var _ =
          tasks.start(
              Task.named("prints")
                  .body(context -> {
                    long count = 0;
                    do {
                      CountDownLatch held = new CountDownLatch(1);
                      Thread _ = Thread.ofPlatform().start(() -> inLock.accept(() -> hold(held)));
                      while (held.getCount() > 0) {
                        Thread.onSpinWait(); // who waits for a latch is at rest
                      }
                      inLock.accept(() -> {});
                      context.progress(++count);
                    } while (!context.stopToken().await(Duration.ofSeconds(10)));
                  }));
      tasks.advance(Duration.ofMinutes(1));
      return tasks.facts().getFirst().progress();
    }
  }

  private static void hold(CountDownLatch held) {
    held.countDown();
    LockSupport.parkNanos(HELD_NANOS);
  }

  private static long failuresOf(VirtualTasks tasks, String task) {
    return tasks.history().stream().filter(line -> line.contains(task + " failed,")).count();
  }

  @Test
  void sameSeed_hundredsOfRuns_giveTheSameHistory() {
    compare(200);
  }

  @Test
  @Tag("long")
  void sameSeed_tenThousandRuns_giveTheSameHistory() {
    compare(10_000);
  }

  private static void compare(int runs) {
    List<String> first = historyOf(42);
    for (int run = 0; run < runs; run++) {
      assertEquals(first, historyOf(42));
    }
  }

  private static List<String> historyOf(long seed) {
    try (VirtualTasks tasks = new VirtualTasks(seed)) {
      for (int n = 0; n < 4; n++) {
        int each = n;
        var _ =
            tasks.start(
                Task.named("task-" + n)
                    .body(context -> {
                      // What has worked once is restarted more than twice.
                      context.progress(context.attempt());
                      boolean _ = context.stopToken().await(Duration.ofMillis(700 + 37L * each));
                      throw new IOException("again");
                    }));
      }
      tasks.advance(Duration.ofSeconds(20));
      return tasks.history();
    }
  }
}
