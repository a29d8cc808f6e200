package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Role;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A role that fails under a supervisor that starts it again each time, whoever that is. */
final class RestartLoopProcessTest {

  private static final Pattern UNTIL = Pattern.compile("\"until\":\"([^\"]+)\"");

  @TempDir Path folder;

  @Test
  void aRoleThatFails_isFrozenAfterSoManyEnds_thenTriedOnceMore() throws IOException {
    HostProcess.Command command = frozenAfter(3, "12s", Roles.FailingStart.class);
    for (int i = 0; i < 3; i++) {
      assertFailedStart(command);
    }

    try (HostProcess held = command.start().awaitState("HELD")) {
      Matcher until = UNTIL.matcher(held.get("/freeze"));
      assertTrue(until.find(), () -> held.get("/freeze"));
      Instant end = Instant.parse(until.group(1));
      String reason =
          "crash loop (cycling): ended before it was ready, 3 times in a row; the last: exit code"
              + " 70, ";
      assertTrue(held.get("/readyz").contains("frozen: " + reason), () -> held.get("/readyz"));
      assertEquals(200, held.status("/livez"));
      assertEquals(200, held.status("/startupz"));
      String explain = held.get("/explain");
      assertTrue(explain.contains("until " + end + ", then one more try"), explain);
      assertTrue(explain.contains("incidents"), explain);
      String metrics = held.get("/metrics");
      assertTrue(metrics.contains("rolehost_freeze_active{scope=\"instance\"} 1.0"), metrics);
      assertTrue(metrics.contains("rolehost_freeze_active{scope=\"all\"} 0.0"), metrics);
      assertEquals(70, held.exitCode());
      assertFalse(Instant.now().isBefore(end), "it was tried too early");
      assertEquals("onStart", held.events().getFirst());
    }

    try (HostProcess heldAtOnce = command.start().awaitState("HELD")) {
      assertTrue(
          heldAtOnce.get("/freeze").contains("again after the last automatic freeze"),
          () -> heldAtOnce.get("/freeze"));
      HttpResponse<String> _ = heldAtOnce.write("DELETE", "/freeze", "");
      assertEquals(70, heldAtOnce.exitCode());
    }
    // Who ends the freeze gets the whole count again.
    assertFailedStart(command);

    String journal = Files.readString(folder.resolve("state/journal/test_IN_0.jsonl"));
    assertEquals(2, count(journal, "\"type\":\"crash-loop\""), journal);
    assertEquals(2, count(journal, "\"type\":\"freeze\""), journal);
    assertEquals(2, count(journal, "\"type\":\"unfreeze\""), journal);
    assertTrue(journal.contains("by rolehost has ended by its time"), journal);
    assertTrue(journal.contains("by rolehost was ended"), journal);
  }

  @Test
  void theSameFailure_isFrozenAfterThree_andThreeOthersAreNot() throws IOException {
    HostProcess.Command command = frozenAfter(9, "1h", Roles.FailingStart.class);
    for (String failure : List.of("url", "number", "database", "database", "database")) {
      // None of those before was the third of its kind.
      assertFailedStart(command.set("test.failure", failure));
    }
    try (HostProcess held = command.start().awaitState("HELD")) {
      String freeze = held.get("/freeze");
      assertTrue(freeze.contains("times in a row, the last 3 by the same failure ("), freeze);
    }
  }

  /** Nobody but a shell starts it again, at once and for ever. */
  @Test
  void aShellLoop_isCalmOnceItIsFrozen_andTriesOnceAfterItsTime() {
    HostProcess.Command command =
        frozenAfter(3, "15s", Roles.FailingStart.class)
            .through("sh", "-c", "while :; do \"$@\"; echo the loop goes on; done", "sh");
    try (HostProcess loop = command.start()) {
      try {
        loop.awaitOutput("crash loop (cycling): ended before it was ready, 3 times in a row");
        assertEquals(3, starts(loop));
        assertEquals(3, count(loop.output(), "the loop goes on"));

        loop.awaitOutput("again after the last automatic freeze");
        assertEquals(4, starts(loop));
        assertEquals(4, count(loop.output(), "the loop goes on"));
      } finally {
        // The shell first: else it starts the next.
        List<ProcessHandle> held = ProcessHandle.of(loop.pid()).orElseThrow().children().toList();
        HostProcess _ = loop.signal("KILL");
        held.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "never-started, 75, Unwilling, ''",
    "flapping, 70, Running, throw",
    "hanging, 81, SlowStart, ''",
    "memory, 82, Running, memory",
    "run-returned, 87, Running, return"
  })
  void aLoopOfEachKind_isCalledByItsName(String kind, int code, String role, String run)
      throws ReflectiveOperationException {
    HostProcess.Command command =
        frozenAfter(
                2, "1h", Class.forName(Roles.class.getName() + "$" + role).asSubclass(Role.class))
            .set("rolehost.freeze.auto.never-started", "2")
            .set("rolehost.start.timeout", kind.equals("hanging") ? "1 s" : "1 m")
            .set("test.run", run)
            .option("-Xmx96m");
    for (int i = 0; i < 2; i++) {
      try (HostProcess host = command.start()) {
        assertEquals(code, host.exitCode(), host.output());
      }
    }
    try (HostProcess held = command.start().awaitState("HELD")) {
      String frozen = "frozen: crash loop (" + kind + "): ";
      assertTrue(held.get("/readyz").contains(frozen), () -> held.get("/readyz"));
    }
  }

  @Test
  void anotherConfiguration_endsAnAutomaticFreezeAtOnce() throws IOException {
    HostProcess.Command command =
        frozenAfter(2, "1h", Roles.FailingStart.class).file("mine.url = wrong");
    assertFailedStart(command);
    assertFailedStart(command);
    try (HostProcess held = command.start().awaitState("HELD")) {
      Files.writeString(command.configFile(), "mine.url = right");
      assertEquals(70, held.awaitEvent("onStart").exitCode());
    }
    assertFailedStart(command);
  }

  @Test
  void aRoleThatIsKilled_isFrozenToo_butNotUnderANode() {
    HostProcess.Command command = frozenAfter(2, "1h", Roles.Plain.class);
    killWhenReady(command);
    killWhenReady(command);
    // The node counts the ends of its children itself.
    killWhenReady(frozenAfter(2, "1h", Roles.Plain.class).childOfNode());
    try (HostProcess held = command.start().awaitState("HELD")) {
      assertTrue(held.get("/freeze").contains("crash loop (killed)"), () -> held.get("/freeze"));
      assertEquals(0, held.signal("TERM").exitCode());
    }
  }

  private HostProcess.Command frozenAfter(int ends, String time, Class<? extends Role> role) {
    return HostProcess.of(role, folder)
        .set("rolehost.freeze.auto.ends", "" + ends)
        .set("rolehost.freeze.auto.for", time);
  }

  private static void assertFailedStart(HostProcess.Command command) {
    try (HostProcess host = command.start()) {
      assertEquals(70, host.exitCode());
      assertEquals("onStart", host.events().getFirst());
    }
  }

  private static long starts(HostProcess host) {
    return host.events().stream().filter("onStart"::equals).count();
  }

  private static void killWhenReady(HostProcess.Command command) {
    try (HostProcess host = command.start()) {
      assertEquals(137, host.awaitReady().signal("KILL").exitCode());
    }
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }
}
