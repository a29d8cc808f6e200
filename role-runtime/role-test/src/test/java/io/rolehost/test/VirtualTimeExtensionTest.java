package io.rolehost.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Task;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VirtualTimeExtension.class)
final class VirtualTimeExtensionTest {

  @Test
  void dependency_downForAMinute_taskGoesOn(VirtualTasks tasks, VirtualTime time) {
    Duration back = Duration.ofMinutes(1);
    var _ =
        tasks.start(
            Task.named("import")
                .body(context -> {
                  context.progress(context.attempt());
                  if (time.elapsed().compareTo(back) < 0) {
                    throw new IOException("connection refused");
                  }
                  context.stopToken().await();
                }));
    tasks.advance(Duration.ofHours(2));
    assertEquals("RUNNING", tasks.facts().getFirst().state(), () -> tasks.history().toString());
  }

  @Test
  void plannedAction_isDue_readsItsTime(VirtualTime time) {
    List<Instant> read = new ArrayList<>();
    Instant start = time.instant();
    time.in(Duration.ofSeconds(1), () -> read.add(time.instant()));
    time.in(
        Duration.ofSeconds(1),
        () -> time.in(Duration.ofSeconds(2), () -> read.add(time.instant())));
    time.advance(Duration.ofMinutes(1));
    assertEquals(List.of(start.plusSeconds(1), start.plusSeconds(3)), read);
    assertEquals(start.plusSeconds(60), time.instant());
  }

  /** R102: time that is moved before the timer is armed is lost, unless one can wait for it. */
  @Test
  void threadOutsideOfTheKit_isWaitedForByItsTimer(VirtualTime time) throws Exception {
    List<Duration> woke = new ArrayList<>();
    Thread outside =
        Thread.ofVirtual()
            .start(() -> {
              try {
                boolean open = time.gate().await(Duration.ofSeconds(5).toNanos());
                woke.add(open ? Duration.ZERO : time.elapsed());
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    time.awaitTimers(1);
    time.advance(Duration.ofSeconds(5));
    assertTrue(outside.join(Duration.ofSeconds(10)));
    assertEquals(List.of(Duration.ofSeconds(5)), woke);
  }
}
