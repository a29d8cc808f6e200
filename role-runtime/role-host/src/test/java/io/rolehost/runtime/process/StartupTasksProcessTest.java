package io.rolehost.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.runtime.config.HostSettings.StartupTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs({OS.LINUX, OS.MAC})
final class StartupTasksProcessTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final SystemTime time = new SystemTime();
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private StartupTasks tasks(StartupTask... tasks) {
    return new StartupTasks(List.of(tasks), time, Map.of("OF_ROLE", "r"), lines::add);
  }

  private static StartupTask shell(
      String name, StartupTask.Type type, Duration limit, String script) {
    return new StartupTask(name, List.of("/bin/sh", "-c", script), type, limit, Map.of("OWN", "o"));
  }

  private String line() throws InterruptedException {
    return String.valueOf(lines.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void run_simpleTasks_areDoneInOrderWithTheirEnvironment() {
    StartupTasks tasks =
        tasks(
            shell("one", StartupTask.Type.SIMPLE, LONG, "echo $OWN $OF_ROLE $NOTIFY_SOCKET.; cat"),
            shell("two", StartupTask.Type.SIMPLE, LONG, "printf 'no end of line' >&2"));

    assertEquals(Optional.empty(), tasks.run());

    assertEquals(List.of("[one] o r .", "[two] no end of line"), new ArrayList<>(lines));
    assertEquals(
        List.of("ended", "ended"), tasks.facts().stream().map(f -> f.get("state")).toList());
  }

  @Test
  void run_simpleFails_namesTaskCodeAndOutputAndStartsNoOther() {
    StartupTasks tasks =
        tasks(
            shell("migrate", StartupTask.Type.SIMPLE, LONG, "echo 'no such table'; exit 3"),
            shell("never", StartupTask.Type.SIMPLE, LONG, "echo never"));

    assertEquals(
        Optional.of(
            "Startup task \"migrate\" (rolehost.start.tasks) ended with exit code 3. Its last"
                + " output: no such table"),
        tasks.run());

    Map<String, Object> failed = tasks.facts().getFirst();
    assertEquals("failed", failed.get("state"));
    assertEquals(3, failed.get("exitCode"));
    assertEquals(List.of("no such table"), failed.get("lastOutput"));
    assertEquals("stopped", tasks.facts().get(1).get("state"));
    assertFalse(lines.contains("[never] never"));
  }

  @Test
  void run_pastTheLimit_isEndedWithAllItStarted() throws InterruptedException {
    // The inner shell leaves at once, so that its sleep has lost the parent it could be found by.
    StartupTasks tasks =
        tasks(
            shell(
                "slow",
                StartupTask.Type.SIMPLE,
                Duration.ofMillis(700),
                "trap '' TERM; sh -c 'sleep 1000 & echo $!'; sleep 1000 & echo $!; sleep 1000"));

    assertEquals(
        "Startup task \"slow\" (rolehost.start.tasks) did not end within its limit of 700 ms and"
            + " was ended with all it had started.",
        tasks.run().orElseThrow().replaceAll(" Its last output.*", ""));

    assertGone(line());
    assertGone(line());
    assertEquals("timed-out", tasks.facts().getFirst().get("state"));
  }

  private static void assertGone(String line) {
    long pid = Long.parseLong(line.replace("[slow] ", "").replace("[back] ", ""));
    ProcessHandle.of(pid)
        .ifPresent(process -> process.onExit().orTimeout(30, TimeUnit.SECONDS).join());
  }

  @Test
  void run_programByAPathWithinTheFolder_isFoundFromThereAndGivenItsWordsAsTheyAre()
      throws IOException {
    Path script = Files.createTempFile(Path.of("target"), "setup", ".sh");
    try {
      Path _ = Files.writeString(script, "#!/bin/sh\necho \"$1\" \"$#\"\n");
      assertTrue(script.toFile().setExecutable(true));
      StartupTasks tasks =
          tasks(
              new StartupTask(
                  "setup",
                  List.of(script.toString(), "$OWN *"),
                  StartupTask.Type.SIMPLE,
                  LONG,
                  Map.of("OWN", "o")));

      assertEquals(Optional.empty(), tasks.run());

      assertEquals(List.of("[setup] $OWN * 1"), new ArrayList<>(lines));
    } finally {
      Files.delete(script);
    }
  }

  @Test
  void run_programNotThere_saysWhatToDo() {
    StartupTasks tasks =
        tasks(
            new StartupTask(
                "x", List.of("no-such-program"), StartupTask.Type.SIMPLE, LONG, Map.of()));

    String failure = tasks.run().orElseThrow();

    assertTrue(
        failure.startsWith(
            "Startup task \"x\" (rolehost.start.tasks) could not be started: the program"
                + " \"no-such-program\" was not found in PATH ("),
        failure);
  }

  @Test
  void kill_duringSimple_endsTheRunAndItsTree() throws Exception {
    StartupTasks tasks =
        tasks(
            shell("back", StartupTask.Type.BACKGROUND, LONG, "sleep 1000 & echo $!; wait"),
            shell("slow", StartupTask.Type.SIMPLE, LONG, "sleep 1000 & echo $!; wait"),
            shell("never", StartupTask.Type.SIMPLE, LONG, "echo never"));
    Thread killer =
        Thread.startVirtualThread(() -> {
          try {
            String first = line();
            String second = line();
            tasks.kill();
            assertGone(first);
            assertGone(second);
            lines.add("gone");
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });

    assertEquals(
        Optional.of("Startup task \"slow\" was given up: a stop was asked for."), tasks.run());

    killer.join();
    assertEquals(List.of("gone"), new ArrayList<>(lines));
    assertEquals(
        List.of("stopped", "stopped", "stopped"),
        tasks.facts().stream().map(f -> f.get("state")).toList());
  }

  @Test
  void background_fails_isSaidAndTheRoleGoesOn() throws InterruptedException {
    StartupTasks tasks = tasks(shell("agent", StartupTask.Type.BACKGROUND, LONG, "exit 7"));

    assertEquals(Optional.empty(), tasks.run());

    assertEquals(
        "Startup task \"agent\" (rolehost.start.tasks) ended with exit code 7. It printed"
            + " nothing. The role goes on.",
        line());
  }

  @Test
  void simple_leavesADaemonWithItsOutput_doesNotHoldUpTheStart() throws InterruptedException {
    StartupTasks tasks =
        tasks(shell("slow", StartupTask.Type.SIMPLE, LONG, "sleep 1000 & echo $!"));

    assertEquals(Optional.empty(), tasks.run());
    tasks.kill();

    assertGone(line());
  }

  @Test
  void foreground_atStop_isWaitedForWithinTheLimit() throws InterruptedException {
    StartupTasks quick =
        tasks(shell("quick", StartupTask.Type.FOREGROUND, LONG, "echo up; sleep 0.3"));
    assertEquals(Optional.empty(), quick.run());
    assertEquals("[quick] up", line());
    assertTrue(quick.awaitForeground(time.nanos() + LONG.toNanos()));

    StartupTasks slow =
        tasks(shell("slow", StartupTask.Type.FOREGROUND, LONG, "echo $$; exec sleep 1000"));
    assertEquals(Optional.empty(), slow.run());
    String pid = line();
    assertFalse(slow.awaitForeground(time.nanos()));
    assertGone(pid);
  }
}
