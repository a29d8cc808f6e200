package io.rolehost.runtime.process;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Instance;
import io.rolehost.api.Work;
import io.rolehost.api.WorkObserver;
import io.rolehost.runtime.config.HostSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostLogTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final Instance INSTANCE = new Instance("production", "web", "web_IN_0", 7);
  private static final String LINE = "2026-11-25T12:00:00.000Z ";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path dir;

  private HostLog open(HostSettings.Log settings, OutputStream console) {
    return HostLog.open(settings, dir, INSTANCE, InstantSource.fixed(NOON), console, err, UTF_8);
  }

  private static HostSettings.Log toFile(long maxBytes, int keep) {
    return new HostSettings.Log(true, false, "info", maxBytes, keep);
  }

  @Test
  void record_toFile_isOnConsoleInFileAndTail() throws IOException {
    try (HostLog log = open(toFile(1_000_000, 5), out)) {
      log.record(INFO, "a", "one", null);
      log.record(DEBUG, "a", "below the threshold", null);
      assertTrue(log.flush(LONG));

      String line = LINE + "INFO  a one";
      assertEquals(line + "\n", out.toString(UTF_8));
      assertEquals(line + "\n", Files.readString(dir.resolve("log/web_IN_0-7.log")));
      assertEquals(List.of(line), log.tail());
      assertEquals(Optional.empty(), log.problem());
      assertFalse(log.isLoggable(DEBUG));
      assertTrue(log.isLoggable(WARNING));
    }
  }

  @Test
  void record_asJson_saysWhoseLineItIsAndWhatTheThreadDoes() throws Exception {
    try (HostLog log = open(new HostSettings.Log(true, true, "info", 1_000_000, 5), out)) {
      Thread task =
          Thread.ofVirtual()
              .name("task-images/resize-2")
              .start(() -> log.record(WARNING, "a", "one \"two\"\nthree", null));
      task.join();
      assertTrue(log.flush(LONG));
    }
    assertEquals(
        "{\"@timestamp\":\"2026-11-25T12:00:00.000Z\",\"log.level\":\"WARN\","
            + "\"message\":\"one \\\"two\\\"\\nthree\",\"log.logger\":\"a\","
            + "\"process.thread.name\":\"task-images/resize-2\",\"service.name\":\"web\","
            + "\"service.node.name\":\"web_IN_0\",\"service.environment\":\"production\","
            + "\"rolehost.start\":7,\"rolehost.task\":\"images/resize\",\"rolehost.attempt\":2}\n",
        out.toString(UTF_8));
    assertEquals(
        LINE + "WARN  a [images/resize#2] one \"two\"\\nthree\n",
        Files.readString(dir.resolve("log/web_IN_0-7.log")));
  }

  @Test
  void record_ofAJobOrRequest_hasItsIdUntilItEnds() {
    LogWork work = new LogWork();
    try (HostLog log = open(toFile(1_000_000, 5), out)) {
      WorkObserver.Observed job = work.begins(Work.job("photos", 3, "job-17"));
      log.record(INFO, "a", "in the job", null);
      WorkObserver.Observed request =
          work.begins(
              new Work(
                  Work.Kind.REQUEST,
                  "GET /",
                  1,
                  "",
                  Map.of(
                      "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")));
      log.record(INFO, "a", "in the request", null);
      request.ended(null);
      log.record(INFO, "a", "in the job again", null);
      job.ended(null);
      log.record(INFO, "a", "after it", null);
      assertEquals(
          List.of(
              LINE + "INFO  a [photos#3 job-17] in the job",
              LINE + "INFO  a [4bf92f3577b34da6a3ce929d0e0e4736] in the request",
              LINE + "INFO  a [photos#3 job-17] in the job again",
              LINE + "INFO  a after it"),
          log.tail());
      assertTrue(log.flush(LONG)); // else it is written while its folder is deleted
    }
  }

  @Test
  void printedLines_asJson_areWrappedUnlessTheyAreJson() {
    PrintStream before = System.out;
    PrintStream errBefore = System.err;
    try (HostLog log = open(new HostSettings.Log(false, true, "info", 1_000_000, 5), out)) {
      log.teeStandardStreams();
      System.out.println("plain");
      System.out.println("{\"own\":1}");
      System.err.println("trouble");
      assertTrue(log.flush(LONG));
    } finally {
      System.setOut(before);
      System.setErr(errBefore);
    }
    List<String> lines = out.toString(UTF_8).lines().toList();
    assertTrue(lines.getFirst().contains("\"log.level\":\"INFO\",\"message\":\"plain\""));
    assertEquals("{\"own\":1}", lines.getLast());
    assertTrue(err.toString(UTF_8).contains("\"log.level\":\"ERROR\",\"message\":\"trouble\""));
  }

  @Test
  void record_toStdoutOnly_makesNoFile() {
    try (HostLog log = open(new HostSettings.Log(false, false, "info", 1_000, 5), out)) {
      log.record(INFO, "a", "one", null);
      assertTrue(log.flush(LONG));

      assertFalse(Files.exists(dir.resolve("log")));
    }
  }

  @Test
  void file_full_isRotatedAndTheOldestGo() throws IOException {
    Files.createDirectories(dir.resolve("log"));
    Files.writeString(dir.resolve("log/web_IN_0-5.log"), "old");
    Files.writeString(dir.resolve("log/web_IN_0-6.log"), "old");
    Files.writeString(dir.resolve("log/web_IN_01-1.log"), "another instance's");
    try (HostLog log = open(toFile(100, 3), out)) {
      for (int i = 0; i < 6; i++) {
        log.record(INFO, "a", "record number " + i, null);
      }
      assertTrue(log.flush(LONG));
    }

    try (Stream<Path> files = Files.list(dir.resolve("log"))) {
      assertEquals(
          List.of("web_IN_0-7.1.log", "web_IN_0-7.2.log", "web_IN_0-7.log", "web_IN_01-1.log"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
    assertEquals(
        LINE + "INFO  a record number 4\n" + LINE + "INFO  a record number 5\n",
        Files.readString(dir.resolve("log/web_IN_0-7.log")));
  }

  @Test
  void tooMany_oldAndSurplus_areTheOnesRemoved() {
    LogFile.Found current = found(7, Integer.MAX_VALUE, 0);
    LogFile.Found aside = found(7, 2, 0);
    LogFile.Found aged = found(7, 1, 31);
    LogFile.Found surplus = found(6, Integer.MAX_VALUE, 1);

    assertEquals(
        List.of(aged, surplus), LogFile.tooMany(List.of(surplus, aged, aside, current), 3, NOON));
  }

  private static LogFile.Found found(long incarnation, int part, int daysOld) {
    return new LogFile.Found(
        Path.of(incarnation + "." + part), incarnation, part, NOON.minus(Duration.ofDays(daysOld)));
  }

  @Test
  void file_notWritable_isAProblemAndTheConsoleGoesOn() throws IOException {
    Files.writeString(dir.resolve("log"), "a file where the directory should be");
    try (HostLog log = open(toFile(1_000, 3), out)) {
      log.record(INFO, "a", "one", null);
      assertTrue(log.flush(LONG));

      assertEquals(LINE + "INFO  a one\n", out.toString(UTF_8));
      assertTrue(log.problem().orElseThrow().contains("web_IN_0-7.log can't be written"));
    }
  }

  @Test
  void console_blocked_holdsUpNobodyAndCountsWhatIsLost() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    OutputStream pipe =
        new OutputStream() {
          @Override
          public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            try {
              read.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            seen.write(bytes, offset, length);
          }
        };
    try (HostLog log = open(toFile(100_000_000, 3), pipe)) {
      String text = "x".repeat(7_000);
      for (int i = 0; i < 400; i++) {
        log.record(INFO, "a", text, null);
      }
      assertFalse(log.flush(Duration.ofMillis(20)));

      read.countDown();
      assertTrue(log.flush(LONG));
      log.record(INFO, "a", "the last", null);
      assertTrue(log.flush(LONG));
    }
    String all = seen.toString(UTF_8);
    assertTrue(all.contains("records were dropped here: they came faster than"), "not said");
    assertTrue(all.endsWith("INFO  a the last\n"), "the last is missing");
  }

  @Test
  void standardStreams_teed_goToConsoleAsTheyAreAndToFileAsRecords() throws IOException {
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    try (HostLog log = open(toFile(1_000_000, 5), out)) {
      log.teeStandardStreams();
      System.out.print("half ");
      System.out.println("a line");
      System.err.println("wrong\u001b");
      assertTrue(log.flush(LONG));

      assertEquals("half a line\n", out.toString(UTF_8));
      assertEquals("wrong\u001b\n", err.toString(UTF_8));
      assertEquals(
          LINE + "INFO  System.out half a line\n" + LINE + "ERROR System.err wrong\\u001b\n",
          Files.readString(dir.resolve("log/web_IN_0-7.log")));
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
  }

  @Test
  void bound_beforeBind_isThereAndTakesRecords() {
    assertTrue(HostLog.bound().isLoggable(INFO));
    assertTrue(HostLog.bound().flush(Duration.ZERO));
  }
}
