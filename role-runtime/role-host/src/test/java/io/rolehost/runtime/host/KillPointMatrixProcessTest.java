package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A signal at each point of a life, from the first lines of {@code main} to the last of the log;
 * after each of them the invariants, and a next start that finds nothing in its way.
 *
 * <p>Points before there is a log are seen by the classes that the machine loads.
 */
@Execution(ExecutionMode.CONCURRENT)
final class KillPointMatrixProcessTest {

  private static final String CLASS = "io.rolehost.runtime.";

  private static final List<String> OF_A_START =
      List.of(
          CLASS + "config.ConfigLoader ",
          CLASS + "config.Loaded ",
          CLASS + "process.RunFiles ",
          CLASS + "process.HostLog ",
          CLASS + "journal.Journal ",
          CLASS + "boot.HostLoop ",
          CLASS + "management.ManagementPlane ",
          "management plane on",
          "STARTING -> PREPARING",
          "the startup task works",
          "PREPARING -> STARTING",
          CLASS + "boot.RoleLoader ",
          "EVENT onStart",
          "EVENT onStart returns",
          "EVENT onApplicationStart",
          "-> READY",
          "EVENT run");

  private static final List<String> OF_A_STOP =
      List.of(
          "-> DRAINING",
          "EVENT onApplicationEnd",
          "EVENT onStop",
          "EVENT close",
          "Stopped with exit code");

  @TempDir Path folder;

  static Stream<Arguments> quick() {
    return matrix(List.of("TERM", "KILL"));
  }

  static Stream<Arguments> more() {
    return matrix(List.of("INT", "INT INT"));
  }

  private static Stream<Arguments> matrix(List<String> signals) {
    return signals.stream()
        .flatMap(signal ->
            Stream.concat(
                OF_A_START.stream().map(point -> Arguments.of(signal, point, false)),
                OF_A_STOP.stream().map(point -> Arguments.of(signal, point, true))));
  }

  @ParameterizedTest
  @MethodSource("quick")
  void signal_atAnyPoint_leavesNothingBehind(String signal, String point, boolean stopping)
      throws IOException {
    meet(signal, point, stopping);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("more")
  void interrupt_atAnyPoint_leavesNothingBehind(String signal, String point, boolean stopping)
      throws IOException {
    meet(signal, point, stopping);
  }

  private void meet(String signal, String point, boolean stopping) throws IOException {
    HostProcess.Command command =
        HostProcess.of(Roles.Slow.class, folder)
            .set("rolehost.endpoints.http.port", "0")
            .set("rolehost.stop.drain.min", "0 s")
            .set("rolehost.stop.drain.quiet", "0 s")
            .file(
                """
                rolehost.start.tasks = [
                  { name = prepare, command = [sh, -c, "echo the startup task works; sleep 0.2"] }
                ]
                """);
    try (HostProcess host = command.option("-Xlog:class+load=info:stdout").start()) {
      if (stopping) {
        HostProcess _ = host.awaitReady().awaitEvent("run").signal("TERM");
      }
      host.awaitOutput(point);
      for (String name : signal.split(" ", -1)) {
        HostProcess _ = host.signal(name);
      }
      int code = host.exitCode();
      if (signal.equals("KILL")) {
        // At its very last line the process may have ended by itself before the signal came.
        assertTrue(code == 137 || (code == 0 && stopping), code + ":\n" + host.output());
      } else if (signal.equals("INT INT")) {
        assertTrue(code == 0 || code == 84, code + ":\n" + host.output());
      } else {
        assertEquals(0, code, host.output());
      }
      checkInvariants(host, code);
    }
    checkNextStart(command);
  }

  private static void checkInvariants(HostProcess host, int code) {
    List<String> events = host.events();
    long stops = events.stream().filter("onStop"::equals).count();
    assertTrue(stops <= 1, "onStop came more than once: " + events);
    if (code == 0 && events.contains("onStart is true")) {
      assertEquals(1, stops, "onStart was true, so onStop must come: " + events);
    }
    if (code == 0 && events.contains("onStart returns")) {
      assertEquals("close", events.getLast(), "resources are closed last");
    }
  }

  /** The lock, the counter and the journal of the killed one are in nobody's way. */
  private static void checkNextStart(HostProcess.Command command) throws IOException {
    try (HostProcess next = command.start()) {
      next.awaitReady();
      assertEquals(0, next.signal("TERM").exitCode(), next.output());
      Path journal = next.stateDir().resolve("journal").resolve("test_IN_0.jsonl");
      String last = Files.readAllLines(journal).getLast();
      assertTrue(last.contains("\"end\"") || last.contains("STOPPED"), last);
      try (Stream<Path> left = Files.list(next.stateDir().resolve("run"))) {
        assertEquals(
            List.of(),
            left.map(file -> file.getFileName().toString())
                .filter(name ->
                    name.endsWith(".pid") || name.endsWith(".port") || name.endsWith(".token"))
                .toList(),
            "a clean stop leaves no pid, port or token");
      }
    }
  }
}
