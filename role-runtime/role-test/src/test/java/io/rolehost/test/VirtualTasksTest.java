package io.rolehost.test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.api.Backoff;
import io.rolehost.api.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
