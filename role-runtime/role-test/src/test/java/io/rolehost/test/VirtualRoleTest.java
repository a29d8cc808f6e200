package io.rolehost.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Backoff;
import io.rolehost.api.ConfigChangingListener;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.StopContext;
import io.rolehost.api.StopReason;
import io.rolehost.api.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class VirtualRoleTest {

  /** Fails every ten seconds, and takes three to stop. */
  private static final class Flaky implements Role {
    private final List<String> calls = new CopyOnWriteArrayList<>();

    @Override
    public boolean onStart(RoleContext context) {
      calls.add("onStart");
      var _ =
          context
              .tasks()
              .start(
                  Task.named("poll")
                      .body(task -> {
                        if (!task.stopToken().await(Duration.ofSeconds(10))) {
                          throw new IOException("connection reset");
                        }
                      })
                      .backoff(
                          Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(1))
                              .jitter(0))
                      .budget(3, Duration.ofMinutes(10))
                      .gatesReadiness());
      return true;
    }

    @Override
    public void onStop(StopContext stop) {
      calls.add("onStop " + stop.reason());
    }
  }

  @Test
  void role_startsAndStops_exitsWithZero() {
    Flaky flaky = new Flaky();
    try (VirtualRole role = VirtualRole.of(flaky).start()) {
      assertTrue(role.isReady());
      role.advance(Duration.ofSeconds(10));
      assertFalse(role.isReady(), "its gating task waits for its back-off");
      role.advance(Duration.ofSeconds(1));
      assertTrue(role.isReady());
      assertEquals(new End(0, StopReason.SIGNAL, "signal TERM"), role.stop());
      assertEquals(List.of("onStart", "onStop SIGNAL"), flaky.calls);
    }
  }

  @Test
  void task_spendsItsBudget_endsTheRole() {
    Flaky flaky = new Flaky();
    try (VirtualRole role = VirtualRole.of(flaky).start()) {
      End end = role.awaitEnd(Duration.ofMinutes(5));
      assertEquals(70, end.code());
      assertEquals(StopReason.TASK_FATAL, end.reason());
      assertEquals(Duration.ofSeconds(43), role.time().elapsed());
      assertEquals(List.of("onStart", "onStop TASK_FATAL"), flaky.calls);
    }
  }

  @Test
  void onStart_returnsFalse_isRefused() {
    Role refusing =
        new Role() {
          @Override
          public boolean onStart(RoleContext context) {
            return false;
          }
        };
    try (VirtualRole role = VirtualRole.of(refusing).start()) {
      assertEquals(75, role.end().orElseThrow().code());
    }
  }

  @Test
  void run_ignoresItsInterrupt_isLeftBehind() {
    Role deaf =
        new Role() {
          @Override
          public void run(RoleContext context) {
            CountDownLatch never = new CountDownLatch(1);
            while (true) {
              try {
                never.await();
              } catch (InterruptedException _) {
                // It does not listen.
              }
            }
          }
        };
    try (VirtualRole role = VirtualRole.of(deaf).grace(Duration.ofSeconds(20)).start()) {
      assertEquals(84, role.stop().code());
      assertEquals(Duration.ofSeconds(6), role.time().elapsed(), "5 s for run, 1 s more");
    }
  }

  @Test
  void onStop_hangs_isForcedAndTheReasonStays() {
    Role slow =
        new Role() {
          @Override
          public void onStop(StopContext stop) throws InterruptedException {
            new CountDownLatch(1).await();
          }
        };
    try (VirtualRole role = VirtualRole.of(slow).grace(Duration.ofSeconds(20)).start()) {
      End end = role.stop();
      assertEquals(84, end.code());
      assertEquals(StopReason.SIGNAL, end.reason());
      assertEquals(Duration.ofSeconds(18), role.time().elapsed(), "2 s are kept for the dump");
    }
  }

  /** They were told one after the other, and their times added up (dotnet/runtime#68036). */
  @Test
  void stop_tenTasksOfTwentySeconds_areAllToldAtOnceAndGoneAfterTwenty() {
    VirtualTime time = new VirtualTime();
    List<Duration> told = new CopyOnWriteArrayList<>();
    Role slow =
        new Role() {
          @Override
          public boolean onStart(RoleContext context) {
            for (int i = 0; i < 10; i++) {
              var _ =
                  context
                      .tasks()
                      .start(
                          Task.named("slow-" + i)
                              .body(task -> {
                                task.stopToken().await();
                                told.add(time.elapsed());
                                boolean _ = time.gate().await(Duration.ofSeconds(20).toNanos());
                              })
                              .stopWithin(Duration.ofSeconds(25)));
            }
            return true;
          }
        };
    try (VirtualRole role = VirtualRole.of(slow).time(time).grace(Duration.ofSeconds(30)).start()) {
      role.advance(Duration.ofSeconds(100));
      assertEquals(0, role.stop().code());
      assertEquals(Collections.nCopies(10, Duration.ofSeconds(100)), told);
      assertEquals(Duration.ofMinutes(2), time.elapsed());
    }
  }

  @Test
  void changedSettings_listenersJudge_areAppliedOrNot() {
    List<String> seen = new CopyOnWriteArrayList<>();
    Role listening =
        new Role() {
          @Override
          public boolean onStart(RoleContext context) {
            context.onConfigChanging(change ->
                change.affects("mode")
                    ? ConfigChangingListener.Answer.REJECT
                    : ConfigChangingListener.Answer.APPLY);
            context.onConfigChanged(change -> seen.add(context.config().getString("size")));
            return true;
          }
        };
    try (VirtualRole role = VirtualRole.of(listening).config("size = 1, mode = a").start()) {
      assertEquals(ConfigChangingListener.Answer.APPLY, role.changeConfig("size = 2, mode = a"));
      assertEquals(ConfigChangingListener.Answer.REJECT, role.changeConfig("size = 3, mode = b"));
      assertEquals(List.of("2"), seen);
    }
  }

  /** The role of the guide, as it is after its sixth step. */
  private static final class Greeter implements Role {
    @Override
    public boolean onStart(RoleContext context) {
      Duration pause = context.config().getDuration("greeter.pause");
      var _ =
          context
              .tasks()
              .start(
                  Task.named("speak")
                      .body(task -> {
                        long count = 0;
                        do {
                          task.progress(++count);
                          if (count % 3 == 0) {
                            throw new IllegalStateException("no breath left");
                          }
                        } while (!task.stopToken().await(pause));
                      }));
      return true;
    }
  }

  @Test
  void speak_failsEachThirdTime_isStartedAgainAndTheRoleStaysReady() {
    try (VirtualRole role =
        VirtualRole.of(new Greeter()).config("greeter { words = hello, pause = 10 s }").start()) {
      role.advance(Duration.ofSeconds(130)); // whatever the chance in the pauses
      assertTrue(role.isReady());
      assertEquals(4, role.tasks().getFirst().attempt(), () -> role.history().toString());
    }
  }

  @Test
  void body_sleepsForReal_isNamed() {
    try (VirtualTasks tasks = new VirtualTasks(1)) {
      AssertionError error =
          assertThrows(
              AssertionError.class,
              () ->
                  tasks.start(
                      Task.named("sleeper").body(_ -> Thread.sleep(Duration.ofMinutes(5)))));
      assertTrue(error.toString().contains("task-sleeper-1 is TIMED_WAITING"), error.toString());
    }
  }
}
