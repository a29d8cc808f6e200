package io.rolehost.jobs.ledger;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.PermanentFailureException;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobsUnavailableException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger in a file. */
final class SqliteLedgerTest extends LedgerContract {

  @TempDir private Path folder;

  @Override
  LedgerSettings settings() {
    return LedgerSettings.file(folder.resolve("jobs/ledger.db"));
  }

  @Test
  void ledger_neverAsked_makesNoFile() {
    Ledger.of(settings(), InstantSource.system()).close();
    assertFalse(Files.exists(folder.resolve("jobs")));
  }

  @Test
  void fileLockedByAnother_longerThanTheTimeout_isSaid() throws Exception {
    LedgerSettings impatient =
        new LedgerSettings(settings().url(), "", "", Duration.ofMillis(300), 1);
    try (Ledger ledger = Ledger.of(impatient, InstantSource.system())) {
      ledger.pauses().pause("q", "ann", "x");
      try (Connection other = DriverManager.getConnection(settings().url());
          Statement statement = other.createStatement()) {
        statement.execute("begin immediate");
        JobsUnavailableException refused =
            assertThrows(
                JobsUnavailableException.class, () -> ledger.pauses().pause("q", "bob", "y"));
        assertTrue(refused.toString().contains("kept it locked"), refused.toString());
        ledger.pauses().list();
        statement.execute("rollback");
      }
      ledger.pauses().pause("q", "bob", "y");
    }
  }

  @Test
  void passwordInTheUrl_isInNoMessage() throws Exception {
    int closed;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = free.getLocalPort();
    }
    String plain = "jdbc:postgresql://127.0.0.1:" + closed + "/jobs";
    LedgerSettings server =
        new LedgerSettings(plain + "?password=hush&user=ann", "", "", Duration.ofMillis(300), 1);
    assertFalse(server.toString().contains("hush"), server.toString());
    try (Ledger ledger = Ledger.of(server, InstantSource.system())) {
      JobsUnavailableException gone =
          assertThrows(
              JobsUnavailableException.class, () -> ledger.pauses().pause("q", "ann", "x"));
      StringWriter trace = new StringWriter();
      gone.printStackTrace(new PrintWriter(trace));
      assertTrue(trace.toString().contains("The ledger " + plain + " could not be "));
      assertFalse(trace.toString().contains("hush"), trace.toString());
    }
    for (String wrong : List.of("jdbc:mysql://db/jobs?password=hush", "jdbc:mysql://a:hush@db/x")) {
      PermanentFailureException refused =
          assertThrows(
              PermanentFailureException.class,
              () ->
                  Ledger.of(
                      new LedgerSettings(wrong, "", "", Duration.ofMillis(300), 1),
                      InstantSource.system()));
      assertFalse(refused.toString().contains("hush"), refused.toString());
    }
  }

  @Test
  void diskThatIsFull_isSaidAndWhatWasThereGoesOn() {
    LedgerSettings small =
        new LedgerSettings(
            settings().url() + "?max_page_count=60", "", "", Duration.ofSeconds(5), 1);
    try (Ledger ledger = Ledger.of(small, InstantSource.system())) {
      JobId first = new JobId("first");
      String message = "m".repeat(2000);
      JobRecords jobs = ledger.jobs();
      assertTrue(jobs.create(new NewJob(first, "t", "q", message, Duration.ofDays(1))));
      JobsUnavailableException refused =
          assertThrows(
              JobsUnavailableException.class,
              () -> {
                for (int n = 0; n < 1000; n++) {
                  jobs.create(
                      new NewJob(new JobId("job-" + n), "t", "q", message, Duration.ofDays(1)));
                }
              });
      assertTrue(refused.toString().contains("The disk is full"), refused.toString());
      for (NewJob each : jobs.unsent(Instant.now().plusSeconds(60), 1000)) {
        if (!each.id().equals(first)) {
          jobs.withdraw(each.id());
        }
      }
      assertTrue(jobs.create(new NewJob(new JobId("a"), "t", "q", message, Duration.ofDays(1))));
      assertTrue(jobs.find(first).isPresent());
    }
  }

  @Test
  void fileThatIsNoDatabase_isSaid() throws Exception {
    Files.createDirectories(folder.resolve("jobs"));
    Files.writeString(folder.resolve("jobs/ledger.db"), "this is not a database ".repeat(1000));
    LedgerSettings impatient =
        new LedgerSettings(settings().url(), "", "", Duration.ofMillis(300), 1);
    try (Ledger ledger = Ledger.of(impatient, InstantSource.system())) {
      JobsUnavailableException refused =
          assertThrows(JobsUnavailableException.class, () -> ledger.pauses().list());
      assertTrue(refused.toString().contains("damaged"), refused.toString());
    }
  }

  @Test
  void urlOfAnotherDatabase_isRefusedWithTheKey() {
    PermanentFailureException refused =
        assertThrows(
            PermanentFailureException.class,
            () ->
                Ledger.of(
                    LedgerSettings.server("jdbc:mysql://x/y", "", ""), InstantSource.system()));
    assertTrue(refused.toString().contains("rolehost.jobs.ledger.url"), refused.toString());
  }
}
