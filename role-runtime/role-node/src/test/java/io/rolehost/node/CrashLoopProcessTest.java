package io.rolehost.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.freeze.CrashLoop;
import io.rolehost.node.process.Console;
import io.rolehost.node.process.Launcher;
import io.rolehost.node.solution.NodeSettings;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.Solution;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.process.SystemTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CrashLoopProcessTest {

  private static final long PATIENCE_SECONDS = 60;
  private static final Pattern UNTIL = Pattern.compile("until\\s*=\\s*\"([^\"]+)\"");

  @TempDir Path folder;

  @Test
  void aChildThatEndsAgainAndAgain_isFrozen_thenTriedOnceMore() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    SystemTime time = new SystemTime();
    Solution solution = solution();
    Semaphore events = new Semaphore(0);
    try (var threads = Executors.newSingleThreadExecutor();
        Console console = new Console(new PrintStream(printed, true, UTF_8), false, 8);
        Freezes freezes = SwitchFreezes.of(solution, time)) {
      Launcher launcher =
          new Launcher(solution.node(), Map.of(), folder, Path.of(System.getProperty("java.home")));
      Node node = new Node(solution, launcher, console, freezes, time, time, new Random(1));
      try (AutoCloseable _ = node.onEvent(_ -> events.release())) {
        Future<Integer> running = threads.submit(node::run);

        awaitFrozen(node, events, 1);
        assertEquals(2, starts(node));
        Instant until = until();

        awaitFrozen(node, events, 2);
        assertEquals(3, starts(node));
        assertFalse(Instant.now().isBefore(until), "it was tried too early");
        assertTrue(
            Files.readString(freezeFile()).contains("again after the last automatic freeze"),
            () -> node.eventsAfter(0).toString());

        node.stop("test");
        assertEquals(0, running.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      }
    }
  }

  @Test
  void aChildThatEndsWithAnExemptCode_isNeverFrozen_andLeavesNoIncident() throws Exception {
    try (RunningSolution running =
        RunningSolution.start(
            folder,
            """
            rolehost { profile = azure, freeze.auto { enabled = true, ends = 2 } }
            roles {
              polling { command = [sh, -c, "exit 7"], back-off.exempt-codes = [7] }
            }
            """)) {
      running.await(
          () -> running.instance("polling_IN_0").life().incarnation() > 4, "start #5 of polling");
      assertFalse(running.history().contains("polling_IN_0 FROZEN"), running::printed);
      assertEquals(0, running.instance("polling_IN_0").life().failures());
      assertEquals(0, running.stop());
    }
    assertFalse(Files.exists(folder.resolve(".rolehost/incidents")));
  }

  private Solution solution() {
    return new Solution(
        Optional.empty(),
        new NodeSettings(
            NodeSettings.Profile.AZURE,
            "default",
            folder.resolve("state"),
            new NodeSettings.Management(
                "127.0.0.1", 0, false, HostSettings.Tokens.NONE, List.of(), Optional.empty()),
            new NodeSettings.AutoFreeze(
                true,
                new CrashLoop.Limits(2, 2, Duration.ofMinutes(10), 10),
                Duration.ofSeconds(2)),
            false),
        List.of(
            RoleSpec.named("failing", new Program.Command(List.of("sh", "-c", "exit 7"))).build()));
  }

  private static void awaitFrozen(Node node, Semaphore events, int times)
      throws InterruptedException {
    while (node.eventsAfter(0).stream().filter(e -> isFrozen(e)).count() < times) {
      assertTrue(
          events.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS),
          () -> node.eventsAfter(0).toString());
    }
  }

  private static boolean isFrozen(JournalEntry entry) {
    return entry.to().equals("FROZEN") && !entry.from().equals("FROZEN");
  }

  private static long starts(Node node) {
    return node.instances().getFirst().life().incarnation();
  }

  private Path freezeFile() {
    return folder.resolve("state/freeze.conf");
  }

  private Instant until() throws IOException {
    // The example in the comment comes first.
    Instant until = Instant.EPOCH;
    Matcher matcher = UNTIL.matcher(Files.readString(freezeFile()).replaceAll("(?m)^#.*$", ""));
    while (matcher.find()) {
      until = Instant.parse(matcher.group(1));
    }
    return until;
  }
}
