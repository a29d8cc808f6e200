package io.rolehost.runtime.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Backoff;
import io.rolehost.api.Restart;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's Flight Recorder tells the life of a role, and costs nothing where it does not run. */
final class FlightRecorderProcessTest {

  private static final Pattern FIELD = Pattern.compile("(?m)^  (\\w+) = \"?([^\"\n]*?)\"?$");

  private static final int FAILURES = 5;

  @TempDir Path folder;

  /** One task fails some times at once, one stands still past its soft limit. */
  public static final class Eventful implements Role {
    @Override
    public boolean onStart(RoleContext context) {
      var _ =
          context
              .tasks()
              .start(
                  Task.named("stumbling")
                      .body(task -> {
                        if (task.attempt() <= FAILURES) {
                          throw new IllegalStateException("expected by this test");
                        }
                        task.stopToken().await();
                      })
                      .restart(Restart.TRANSIENT)
                      .budget(2 * FAILURES, Duration.ofMinutes(1))
                      .backoff(new Backoff(Duration.ofMillis(7), Duration.ofMillis(7), 1, 0)));
      var _ =
          context
              .tasks()
              .start(
                  Task.named("standing")
                      .body(task -> task.stopToken().await())
                      .hang(Duration.ofMillis(50), Duration.ofHours(1)));
      return true;
    }
  }

  /** Has had a task when it is ready. */
  public static final class Looking implements Role {
    @Override
    public boolean onStart(RoleContext context) throws Exception {
      CountDownLatch ran = new CountDownLatch(1);
      var _ =
          context
              .tasks()
              .start(Task.named("once").body(_ -> ran.countDown()).restart(Restart.TEMPORARY));
      ran.await();
      return true;
    }
  }

  @Test
  void recording_ofARealHost_hasItsLife() throws Exception {
    Path recording = folder.resolve("life.jfr");
    try (HostProcess host =
        HostProcess.of(Eventful.class, folder)
            .option("-XX:StartFlightRecording=filename=" + recording + ",settings=none")
            .start()) {
      host.awaitState("SUSPECT");
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
    List<String> events = printed(recording);
    Set<String> types = new LinkedHashSet<>();
    List<String> life = new ArrayList<>();
    for (String event : events) {
      String type = event.split(" ", 2)[0];
      types.add(type);
      if (type.equals("io.rolehost.Transition")) {
        life.add(field(event, "from") + "->" + field(event, "to"));
      } else if (type.equals("io.rolehost.TaskRestart")) {
        life.add("restart " + field(event, "task") + " " + field(event, "reason"));
      } else if (type.equals("io.rolehost.End")) {
        life.add("end " + field(event, "code") + " " + field(event, "reason"));
      }
    }
    assertTrue(
        types.containsAll(
            Set.of(
                "io.rolehost.Start",
                "io.rolehost.Transition",
                "io.rolehost.TaskRestart",
                "io.rolehost.TaskHang",
                "io.rolehost.TaskAttempt",
                "io.rolehost.StopStep",
                "io.rolehost.End")),
        types::toString);
    assertTrue(failedAttempts(events) < FAILURES, "all of them were over at once");
    assertTrue(life.contains("STARTING->READY"), life::toString);
    assertTrue(life.contains("restart stumbling FAILED"), life::toString);
    assertTrue(life.contains("end 0 SIGNAL"), life::toString);
    assertEquals("STOPPING->STOPPED", life.getLast());
  }

  @Test
  void threshold_setToNothing_hasTheShortestAttemptsToo() throws Exception {
    Path recording = folder.resolve("life.jfr");
    try (HostProcess host =
        HostProcess.of(Eventful.class, folder)
            .option(
                "-XX:StartFlightRecording=filename="
                    + recording
                    + ",settings=none,+io.rolehost.TaskAttempt#threshold=0ms")
            .start()) {
      host.awaitState("SUSPECT");
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
    assertEquals(FAILURES, failedAttempts(printed(recording)));
  }

  private static long failedAttempts(List<String> events) {
    return events.stream()
        .filter(event -> event.startsWith("io.rolehost.TaskAttempt "))
        .filter(event -> field(event, "failure").equals("java.lang.IllegalStateException"))
        .count();
  }

  private static List<String> printed(Path recording) throws IOException, InterruptedException {
    Path jfr = Path.of(System.getProperty("java.home"), "bin", "jfr");
    Process print =
        new ProcessBuilder(
                jfr.toString(), "print", "--events", "io.rolehost.*", recording.toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(print.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, print.waitFor(), text);
    return List.of(text.strip().split("\\n\\s*\\n", -1));
  }

  private static String field(String event, String name) {
    Matcher fields = FIELD.matcher(event);
    while (fields.find()) {
      if (fields.group(1).equals(name)) {
        return fields.group(2);
      }
    }
    throw new AssertionError(name + " is not in " + event);
  }

  @Test
  void hostWithoutARecording_makesNoEvent() throws IOException {
    Path classes = folder.resolve("classes");
    try (HostProcess host =
        HostProcess.of(Looking.class, folder).option("-Xlog:class+load:file=" + classes).start()) {
      host.awaitReady();
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
    List<String> loaded = Files.readAllLines(classes);
    assertTrue(loaded.stream().anyMatch(line -> line.contains(".runtime.flight.FlightWork ")));
    assertEquals(
        List.of(),
        loaded.stream()
            .filter(line ->
                line.contains("jdk.jfr.Event ")
                    || line.contains(".runtime.flight.FlightEvents")
                    || line.contains(".runtime.flight.Recording "))
            .toList());
  }
}
