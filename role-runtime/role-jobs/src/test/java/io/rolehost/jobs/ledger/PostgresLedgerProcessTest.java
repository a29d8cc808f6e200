package io.rolehost.jobs.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.jobs.JobsUnavailableException;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The ledger in a real server. */
final class PostgresLedgerProcessTest extends LedgerContract {

  private static PostgresServer server;

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.startOrSkip();
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.delete();
    }
  }

  @Override
  LedgerSettings settings() {
    return server.ledger();
  }

  @Test
  void server_lostAndBack_isSaidWithinTheTimeoutAndFoundAgain() throws Exception {
    LedgerSettings impatient =
        new LedgerSettings(
            settings().url(), settings().user(), settings().password(), Duration.ofMillis(1500), 4);
    try (Ledger ledger = Ledger.of(impatient, InstantSource.system())) {
      ledger.pauses().pause("lost", "ann", "before");
      server.crash();
      long begun = System.nanoTime();
      JobsUnavailableException refused =
          assertThrows(
              JobsUnavailableException.class, () -> ledger.pauses().pause("lost", "ann", "during"));
      assertTrue(refused.toString().contains("Check that the server runs"));
      // twice: the pool waits once for a connection, and once more after the last failure
      assertTrue(Duration.ofNanos(System.nanoTime() - begun).toMillis() < 10_000);
      server.start();
      assertEquals("before", ledger.pauses().list().getFirst().reason());
      ledger.pauses().pause("lost", "ann", "after");
      assertTrue(ledger.pauses().resume("lost"));
    }
  }
}
