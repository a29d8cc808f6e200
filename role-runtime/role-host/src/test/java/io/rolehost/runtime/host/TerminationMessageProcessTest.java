package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process leaves behind in the file that Kubernetes reads, for each kind of end. */
final class TerminationMessageProcessTest {

  private static final String KEY = "rolehost.termination-message-path";

  @TempDir Path folder;

  private HostProcess.Command of(Class<? extends Role> role) {
    return HostProcess.of(role, folder).set(KEY, message().toString());
  }

  private Path message() {
    return folder.resolve("termination-log");
  }

  private void assertSays(String expression) throws IOException {
    String found = Files.readString(message());
    assertTrue(Pattern.compile(expression, Pattern.DOTALL).matcher(found).matches(), found);
    assertTrue(found.length() <= 4096, "" + found.length());
  }

  private void assertEnds(
      int code,
      String expression,
      Class<? extends Role> role,
      UnaryOperator<HostProcess.Command> as)
      throws IOException {
    try (HostProcess host = as.apply(of(role)).start()) {
      assertEquals(code, host.exitCode(), host.output());
    }
    assertSays(expression);
  }

  @Test
  void stop_thatWasAsked_isSaid() throws IOException {
    try (HostProcess host = of(Roles.Plain.class).start()) {
      assertEquals(0, host.awaitReady().awaitEvent("run").signal("TERM").exitCode());
    }
    assertSays(
        "test_IN_0, start #1, ended with exit code 0 \\(stopped in order\\): signal TERM\n"
            + "reason SIGNAL\nthe stop took [0-9.]+ s.*");
  }

  @Test
  void run_thatThrows_isSaidWithTheTraceAndTheIncident() throws IOException {
    assertEnds(
        70,
        "test_IN_0, start #1, ended with exit code 70 \\(role or task failed\\): .*queue gone.*"
            + "reason RUN_FAILED\n.*thrown: .*queue gone\n  at .*Roles.*incident: /.*",
        Roles.Running.class,
        command -> command.set("test.run", "throw"));
  }

  @Test
  void memory_thatIsOut_isSaid() throws IOException {
    assertEnds(
        82,
        "test_IN_0, start #1, ended with exit code 82 \\(out of memory or VM error\\):"
            + " .*OutOfMemoryError.*",
        Roles.Running.class,
        command -> command.set("test.run", "memory").option("-Xmx96m"));
  }

  @Test
  void stop_thatIsForced_isSaid() throws IOException {
    try (HostProcess host =
        of(Roles.Stopping.class)
            .set("test.stop", "hang")
            .set("rolehost.stop.grace", "2 s")
            .start()) {
      assertEquals(84, host.awaitReady().awaitEvent("run").signal("TERM").exitCode());
    }
    assertSays(
        "test_IN_0, start #1, ended with exit code 84 \\(stop overran its time and was forced\\):"
            + " .*");
  }

  @Test
  void configuration_thatIsWrong_isSaidEvenIfItCantBeRead() throws IOException {
    assertEnds(
        78,
        "The role host ended with exit code 78 \\(permanent error.*rolehost.stop.grase is not a"
            + " key.*",
        Roles.Plain.class,
        command -> command.file("rolehost.stop.grase = 3s"));
    assertEnds(
        78,
        "The role host ended with exit code 78 .*",
        Roles.Plain.class,
        command -> command.file("rolehost { stop.grace = "));
  }

  @Test
  void startupTask_thatFails_isSaidWithItsOutput() throws IOException {
    assertEnds(
        75,
        "test_IN_0, start #1, ended with exit code 75 \\(start refused, to be tried again\\): .*no"
            + " disk.*",
        Roles.Plain.class,
        command ->
            command.file(
                "rolehost.start.tasks = [{ name = prepare, command = [sh, -c, \"echo no disk; exit"
                    + " 3\"] }]"));
  }

  @Test
  void file_thatCantBeWritten_neitherFailsNorDelaysTheEnd() {
    Path missing = folder.resolve("no/such/folder/message");
    try (HostProcess host =
        HostProcess.of(Roles.Plain.class, folder).set(KEY, missing.toString()).start()) {
      assertEquals(0, host.awaitReady().awaitEvent("run").signal("TERM").exitCode());
      assertFalse(host.output().contains("WARN"), host.output());
    }
    assertFalse(Files.exists(missing));
  }
}
