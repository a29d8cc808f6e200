package io.rolehost.jobs.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left in the file when those who write it are killed in the middle. */
final class KilledWriterProcessTest {

  private static final int PROCESSES = 3;

  @TempDir private Path folder;

  @Test
  void writers_startedAtOnceAndKilled_leaveAllThatTheyPromised() throws Exception {
    Path file = folder.resolve("jobs/ledger.db");
    for (int round = 0; round < 3; round++) {
      List<Process> writers = new ArrayList<>();
      List<String> heard = new ArrayList<>();
      for (int i = 0; i < PROCESSES; i++) {
        writers.add(start(file, "r" + round + "w" + i));
      }
      for (int i = 0; i < PROCESSES; i++) {
        BufferedReader said = writers.get(i).inputReader();
        String line = "";
        for (int n = 0; n < 25 + round * 7 + i; n++) {
          line = Objects.requireNonNull(said.readLine(), "the writer ended by itself");
        }
        heard.add(line);
      }
      for (Process writer : writers) {
        writer.toHandle().destroyForcibly(); // the process's own would close the pipe
      }
      for (int i = 0; i < PROCESSES; i++) {
        assertTrue(writers.get(i).waitFor(30, TimeUnit.SECONDS));
        check(file, lastOf(writers.get(i).inputReader(), heard.get(i)));
      }
    }
    assertEquals("ok", integrity(file));
  }

  private static void check(Path file, String promised) {
    String[] words = promised.split(" ", -1);
    JobId id = new JobId(words[0]);
    try (Ledger ledger = Ledger.of(LedgerSettings.file(file), InstantSource.system())) {
      JobStatus status = ledger.jobs().find(id).orElseThrow();
      if (words[1].equals("done")) {
        assertEquals(JobStatus.State.DONE, status.state());
      } else if (status.state() != JobStatus.State.DONE) { // it may have come further than it said
        int position = Integer.parseInt(ledger.checkpoints().position(id).orElseThrow());
        assertTrue(position >= Integer.parseInt(words[1]), promised + ", found " + position);
        assertInstanceOf(Claim.Owned.class, ledger.jobs().claim(id, 2));
      }
    }
  }

  private static Process start(Path file, String prefix) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            LedgerWriter.class.getName(),
            file.toString(),
            prefix)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Returns the last whole line that is left in the pipe, else what was heard before. */
  private static String lastOf(BufferedReader said, String heard) throws IOException {
    StringBuilder rest = new StringBuilder(heard).append('\n');
    char[] some = new char[8192];
    for (int n = said.read(some); n > 0; n = said.read(some)) {
      rest.append(some, 0, n);
    }
    String[] whole = rest.substring(0, rest.lastIndexOf("\n")).split("\n", -1);
    return whole[whole.length - 1];
  }

  private static String integrity(Path file) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("pragma integrity_check")) {
      rows.next();
      return rows.getString(1);
    }
  }
}
