package io.rolehost.samples.consolidated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.StopContext;
import io.rolehost.api.StopReason;
import io.rolehost.api.StopToken;
import io.rolehost.test.End;
import io.rolehost.test.VirtualRole;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The traps that lie in the old worker template and its samples, one test each. */
class TrapsTest {
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Work QUIET = new Work("quiet", PAUSE, _ -> {});

  private final List<String> seen = new CopyOnWriteArrayList<>();

  private static VirtualRole start(Work... works) {
    return VirtualRole.of(new ConsolidatedWorker(List.of(works)))
        .grace(Duration.ofMinutes(5))
        .start();
  }

  /** Trap: OnStop waits without a limit for a Run that never came to its start. */
  @Test
  void stop_whereRunNeverStarted_waitsForNothing() {
    Role refuses =
        new Role() {
          @Override
          public boolean onStart(RoleContext context) {
            boolean _ = new ConsolidatedWorker(List.of(QUIET)).onStart(context);
            return false;
          }

          @Override
          public void onStop(StopContext stop) {
            seen.add("onStop");
          }
        };
    try (VirtualRole role = VirtualRole.of(refuses).start()) {
      assertEquals(75, role.end().orElseThrow().code());
      assertEquals(Duration.ZERO, role.time().elapsed());
      assertEquals(List.of(), seen, "there is nothing to stop");
    }
  }

  /** Trap: the token is made inside Run, and an OnStop before that finds none. */
  @Test
  void token_beforeRun_isThereAndIsTheOneThatIsCancelled() {
    List<StopToken> tokens = new CopyOnWriteArrayList<>();
    Role early =
        new Role() {
          @Override
          public boolean onStart(RoleContext context) {
            tokens.add(context.stopToken());
            return new ConsolidatedWorker(List.of(QUIET)).onStart(context);
          }
        };
    try (VirtualRole role = VirtualRole.of(early).start()) {
      assertFalse(tokens.getFirst().isStopRequested());
      assertEquals(0, role.stop().code());
      assertTrue(tokens.getFirst().isStopRequested());
    }
  }

  /** Trap: what is waited for is set by the cancellation itself, so the work is not waited for. */
  @Test
  void stop_withAStepUnderWay_comesAfterItsEnd() {
    Work long_ =
        new Work(
            "long",
            PAUSE,
            stop -> {
              seen.add("begun");
              stop.await();
              seen.add("put in order");
            });
    try (VirtualRole role = start(long_)) {
      role.advance(Duration.ofMinutes(1));
      assertEquals(0, role.stop().code());
      assertEquals(List.of("begun", "put in order"), seen);
    }
  }

  /** Trap: who waits for all workers does not hear of the one that failed until all have ended. */
  @Test
  void oneWorkFails_isStartedAgainAlone_whileTheOtherGoesOn() {
    AtomicInteger calls = new AtomicInteger();
    Work fails =
        new Work(
            "fails-once",
            PAUSE,
            _ -> {
              if (calls.incrementAndGet() == 2) {
                throw new IllegalStateException("the second step fails");
              }
            });
    try (VirtualRole role = start(fails, QUIET)) {
      role.advance(Duration.ofMinutes(1));
      assertTrue(role.isReady());
      assertEquals(List.of(2, 1), role.tasks().stream().map(task -> task.attempt()).toList());
      assertEquals(7, role.tasks().get(1).progress().orElseThrow());
    }
  }

  /** Trap: a list of tasks that Run fills and OnStop reads. Here a late one is known as well. */
  @Test
  void taskStartedLate_isStoppedToo() {
    Role grows =
        new Role() {
          @Override
          public boolean onStart(RoleContext context) {
            Work late =
                new Work(
                    "starts-another",
                    Duration.ofDays(1),
                    _ -> {
                      Work another =
                          new Work(
                              "another",
                              PAUSE,
                              stop -> {
                                stop.await();
                                seen.add("another was stopped");
                              });
                      boolean _ = new ConsolidatedWorker(List.of(another)).onStart(context);
                    });
            return new ConsolidatedWorker(List.of(late)).onStart(context);
          }
        };
    try (VirtualRole role = VirtualRole.of(grows).start()) {
      assertEquals(2, role.tasks().size());
      assertEquals(0, role.stop().code());
      assertEquals(List.of("another was stopped"), seen);
    }
  }

  /** Trap: Run cleans up for five minutes, and OnStop waits five minutes again. */
  @Test
  void workThatDoesNotListen_takesNoMoreThanTheOneGrace() {
    Work deaf =
        new Work(
            "deaf",
            PAUSE,
            _ -> {
              while (true) {
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException _) {
                  // It does not listen.
                }
              }
            });
    try (VirtualRole role = start(deaf)) {
      Duration before = role.time().elapsed();
      End end = role.stop();
      assertEquals(84, end.code());
      assertEquals(StopReason.SIGNAL, end.reason());
      assertTrue(
          role.time().elapsed().minus(before).compareTo(Duration.ofMinutes(5)) <= 0,
          () -> role.history().toString());
    }
  }

  /** Trap: the event that says "done" is not set where the work throws. */
  @Test
  void stepThrowsDuringTheStop_endsItAllTheSame() {
    Work throwing =
        new Work(
            "throws-at-the-end",
            PAUSE,
            stop -> {
              stop.await();
              throw new IllegalStateException("while it stops");
            });
    try (VirtualRole role = start(throwing, QUIET)) {
      assertEquals(0, role.stop().code());
    }
  }

  /** Trap: {@code while (true) { work; sleep }} ends in the middle of its work. */
  @Test
  void stop_atAnyMoment_leavesNoStepHalfDone() {
    Work counts =
        new Work(
            "counts",
            Duration.ofMillis(700),
            stop -> {
              seen.add("begun");
              boolean _ = stop.await(Duration.ofMillis(500));
              seen.add("done");
            });
    for (int tenths = 0; tenths < 30; tenths++) {
      seen.clear();
      try (VirtualRole role = start(counts)) {
        role.advance(Duration.ofMillis(100L * tenths));
        assertEquals(0, role.stop().code());
        assertEquals("done", seen.getLast());
      }
    }
  }

  /** Trap: Run swallows every exception, returns, and the role recycles in good order for ever. */
  @Test
  void workThatAlwaysFails_endsTheRoleAsFailed_andSaysWhich() {
    Work broken =
        new Work(
            "broken",
            PAUSE,
            _ -> {
              throw new IllegalStateException("no database");
            });
    try (VirtualRole role = start(broken, QUIET)) {
      End end = role.awaitEnd(Duration.ofHours(1));
      assertEquals(70, end.code());
      assertTrue(end.text().contains("broken"), end.text());
      assertTrue(end.text().contains("no database"), end.text());
    }
  }
}
