package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rolehost.api.Backoff;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.StaleFenceException;
import io.rolehost.api.Task;
import io.rolehost.api.TaskBody;
import io.rolehost.api.TaskContext;
import io.rolehost.api.fence.FencedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that hang, spin and are cancelled, in a real host. */
final class TasksProcessTest {

  private static final Duration SOFT = Duration.ofSeconds(1);
  private static final Duration HARD = Duration.ofSeconds(2);

  @TempDir Path folder;

  /** One task that hears nothing, and writes when it is too late. */
  public static final class Deaf implements Role {
    @Override
    public boolean onStart(RoleContext context) {
      Path target = context.stateDirectory().resolve("written");
      var _ =
          context
              .tasks()
              .start(
                  Task.named("deaf")
                      .body(task -> stay(task, target))
                      .hang(SOFT, HARD)
                      .stopWithin(Duration.ofMillis(500))
                      .backoff(Backoff.none()));
      return true;
    }

    private static void stay(TaskContext task, Path target) throws IOException {
      String who = "deaf " + task.attempt();
      FencedFiles files = FencedFiles.of(task.fence());
      files.writeString(target, who);
      Roles.say(who + " writes");
      task.stopToken().onStop(() -> Roles.say(who + " cancelled"));
      boolean tried = false;
      while (true) {
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        if (Thread.interrupted()) {
          Roles.say(who + " interrupted");
        }
        if (!tried && !task.fence().isCurrent()) {
          tried = true;
          try {
            files.writeString(target, who + " too late");
          } catch (StaleFenceException e) {
            Roles.say(who + " refused");
          }
        }
      }
    }
  }

  @Test
  void hang_thatIgnoresEverything_isDumpedCancelledInterruptedFencedReplaced_thenEndsTheRole()
      throws IOException {
    try (HostProcess host = HostProcess.of(Deaf.class, folder).start()) {
      assertEquals(81, host.exitCode(), host.output());

      List<Config> journal =
          Files.readAllLines(host.stateDir().resolve("journal/test_IN_0.jsonl")).stream()
              .map(ConfigFactory::parseString)
              .toList();
      // Who is left behind meets its fence at any time after that.
      assertEquals(
          List.of(
              "1 past its soft limit",
              "1 past its hard limit",
              "1 all threads were written down",
              "1 is interrupted",
              "1 is left behind",
              "2 starts again",
              "2 past its soft limit",
              "2 past its hard limit",
              "2 is interrupted",
              "2 is left behind"),
          journal.stream().flatMap(TasksProcessTest::step).toList(),
          host.output());
      assertTrue(
          journal.stream().anyMatch(entry -> entry.getString("cause").contains("refused it")),
          host.output());
      assertTrue(
          journal.stream()
              .anyMatch(entry ->
                  entry.getString("from").equals("READY")
                      && entry.getString("to").equals("SUSPECT")),
          host.output());

      List<String> first =
          host.events().stream().filter(event -> event.startsWith("deaf 1")).toList();
      assertEquals(
          List.of("deaf 1 writes", "deaf 1 cancelled", "deaf 1 interrupted", "deaf 1 refused"),
          first,
          host.output());
      assertEquals("deaf 2", Files.readString(host.stateDir().resolve("written")));

      // The dump was complete before anybody disturbed the task, and the end has another one.
      Instant cancelled =
          Instant.parse(at(journal, "is interrupted")).minus(Duration.ofMillis(500));
      Instant dumped = Instant.parse(at(journal, "all threads were written down"));
      assertTrue(!dumped.isAfter(cancelled), dumped + " and " + cancelled);
      List<Path> incidents = incidents(host);
      assertEquals(2, incidents.size(), incidents.toString());
      assertTrue(threads(incidents.getFirst()).contains("task-deaf-1"));
      assertTrue(threads(incidents.getFirst()).contains("\"virtual\""), "as the JDK writes it");
      assertFalse(threads(incidents.getFirst()).contains("task-deaf-2"));
      assertTrue(threads(incidents.getLast()).contains("task-deaf-2"));

      // The soft limit is told with the stack, and nothing more.
      String soft =
          host.output()
              .lines()
              .dropWhile(line -> !line.contains("its soft limit is 1 s"))
              .takeWhile(line -> !line.contains("EVENT"))
              .reduce("", (all, line) -> all + line + "\n");
      assertTrue(soft.lines().findFirst().orElse("").contains("WARN"), soft);
      assertTrue(soft.contains("Deaf.stay"), soft);
    }
  }

  private static Stream<String> step(Config entry) {
    String cause = entry.getString("cause");
    return entry.getString("type").equals("task")
        ? Stream.of(
                "past its soft limit",
                "past its hard limit",
                "all threads were written down",
                "is interrupted",
                "is left behind",
                "starts again")
            .filter(cause::contains)
            .map(step -> (cause.contains("attempt 2") ? "2 " : "1 ") + step)
        : Stream.empty();
  }

  private static String at(List<Config> journal, String cause) {
    return journal.stream()
        .filter(entry -> entry.getString("cause").contains(cause))
        .findFirst()
        .orElseThrow()
        .getString("at");
  }

  private static List<Path> incidents(HostProcess host) throws IOException {
    try (Stream<Path> folders = Files.list(host.stateDir().resolve("incidents"))) {
      return folders.sorted().toList();
    }
  }

  private static String threads(Path incident) throws IOException {
    return Files.readString(incident.resolve("threads.json"));
  }

  /** A timer that beats for a body that stands still, and a body that has nothing to do. */
  public static final class Beating implements Role {
    @Override
    public boolean onStart(RoleContext context) {
      var timer = Executors.newSingleThreadScheduledExecutor();
      AutoCloseable _ = context.closeOnStop(timer::shutdownNow);
      var _ = context.tasks().start(task("beats", task -> beat(timer, task)));
      var _ =
          context
              .tasks()
              .start(
                  task(
                      "idles",
                      task -> {
                        task.idle();
                        task.stopToken().await();
                      }));
      return true;
    }

    private static Task task(String name, TaskBody body) {
      return Task.named(name).body(body).hang(SOFT, HARD).backoff(Backoff.none());
    }

    private static void beat(java.util.concurrent.ScheduledExecutorService timer, TaskContext task)
        throws InterruptedException {
      var beats = timer.scheduleAtFixedRate(() -> task.progress(7), 0, 50, TimeUnit.MILLISECONDS);
      try {
        task.stopToken().await();
      } finally {
        beats.cancel(false);
      }
    }
  }

  @Test
  void timer_thatBeatsForABodyThatStands_doesNotHideIt_andAnIdleBodyIsNoHang() {
    try (HostProcess host = HostProcess.of(Beating.class, folder).start()) {
      assertEquals(81, host.exitCode(), host.output());
      assertTrue(
          host.output().contains("Task \"beats\", attempt 2 made no progress"), host.output());
      assertFalse(host.output().contains("Task \"idles\""), host.output());
    }
  }

  /** Bodies that leave a stop in every noisy way there is. */
  public static final class Noisy extends Roles.Plain {
    @Override
    public boolean onStart(RoleContext context) throws Exception {
      start(context, "interrupted", task -> new CountDownLatch(1).await());
      start(
          context,
          "io",
          task -> {
            task.stopToken().await();
            throw new IOException("stream closed");
          });
      start(
          context,
          "cancelled",
          task -> {
            task.stopToken().await();
            throw new CancellationException();
          });
      start(
          context,
          "wrapped",
          task -> {
            task.stopToken().await();
            throw new IllegalStateException(new InterruptedException());
          });
      return super.onStart(context);
    }

    private static void start(RoleContext context, String name, TaskBody body) {
      var _ = context.tasks().start(Task.named(name).body(body).stopWithin(Duration.ofMillis(200)));
    }
  }

  @Test
  void cancellation_byWhateverTheyThrow_isNoWarningAndHasNoStack() {
    try (HostProcess host = HostProcess.of(Noisy.class, folder).start()) {
      assertEquals(0, host.awaitReady().awaitEvent("run").signal("TERM").exitCode());
      assertTrue(
          host.output().contains("threw after it was asked to stop; that is no failure"),
          host.output());
      assertFalse(host.output().contains("WARN"), host.output());
      assertFalse(host.output().contains("ERROR"), host.output());
      assertFalse(host.output().contains("\tat "), host.output());
    }
  }

  /** A task that spins from its first line, and others after it. */
  public static final class SpinningFirst implements Role {
    private static volatile long sink;

    @Override
    public boolean onStart(RoleContext context) throws Exception {
      CountDownLatch spins = new CountDownLatch(1);
      CountDownLatch others = new CountDownLatch(5);
      var _ =
          context
              .tasks()
              .start(
                  Task.named("spinner")
                      .body(task -> {
                        spins.countDown();
                        while (!task.stopToken().isStopRequested()) {
                          sink = sink * 31 + 7;
                        }
                      }));
      spins.await();
      Roles.say("spins at " + Instant.now());
      for (int i = 0; i < 5; i++) {
        var _ =
            context
                .tasks()
                .start(
                    Task.named("other-" + i)
                        .body(task -> {
                          others.countDown();
                          if (others.getCount() == 0) {
                            Roles.say("others at " + Instant.now());
                          }
                          task.stopToken().await();
                        }));
      }
      return true;
    }
  }

  /** One busy loop blocked all others (dotnet/runtime#36063). */
  @Test
  void body_thatSpinsFromItsFirstLine_keepsNeitherOthersNorReadinessWaiting() throws IOException {
    try (HostProcess host =
        HostProcess.of(SpinningFirst.class, folder)
            .option("-Djdk.virtualThreadScheduler.parallelism=2")
            .start()) {
      host.awaitReady();
      host.await("the others", () -> host.output().contains("EVENT others at"));
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
      Instant spins = moment(host, "spins at ");
      Instant ready =
          Files.readAllLines(host.stateDir().resolve("journal/test_IN_0.jsonl")).stream()
              .map(ConfigFactory::parseString)
              .filter(entry -> entry.getString("to").equals("READY"))
              .map(entry -> Instant.parse(entry.getString("at")))
              .findFirst()
              .orElseThrow();
      Duration second = Duration.ofSeconds(1);
      Duration others = Duration.between(spins, moment(host, "others at "));
      assertTrue(others.compareTo(second) < 0, "the others came after " + others);
      Duration readiness = Duration.between(spins, ready);
      assertTrue(readiness.compareTo(second) < 0, "readiness came after " + readiness);
    }
  }

  private static Instant moment(HostProcess host, String what) {
    return host.events().stream()
        .filter(event -> event.startsWith(what))
        .map(event -> Instant.parse(event.substring(what.length())))
        .findFirst()
        .orElseThrow();
  }
}
