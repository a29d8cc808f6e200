package io.rolehost.jobs.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Triggers;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.ledger.PostgresServer;
import io.rolehost.jobs.ledger.Ticks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The timers of a fleet on a real server. */
final class FleetSchedulesProcessTest {

  private PostgresServer server;

  @BeforeEach
  void startServer() throws Exception {
    server = PostgresServer.startOrSkip();
  }

  @AfterEach
  void stopServer() throws Exception {
    if (server != null) {
      server.delete();
    }
  }

  @Test
  void schedules_ofThreeMachinesWithClocksApart_tickOnceAndOutliveTheServer() throws Exception {
    List<RunningSchedules> machines = new ArrayList<>();
    List<Ledger> ledgers = new ArrayList<>();
    InstantSource clock = InstantSource.system();
    Ledger ledger = Ledger.of(server.ledger(), clock);
    ledgers.add(ledger);
    LedgerSender sender = new LedgerSender(ledger, clock, true);
    for (int minutes : new int[] {0, 10, -10}) {
      InstantSource wrong = () -> Instant.now().plus(Duration.ofMinutes(minutes));
      Ledger own = Ledger.of(server.ledger(), wrong);
      ledgers.add(own);
      Schedules schedules = new Schedules("worker", own, sender, () -> false, wrong);
      schedules.declare(Triggers.cron("* * * * * *").named("second"));
      machines.add(new RunningSchedules(schedules));
    }
    Set<JobId> seen = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      LedgerSender.Sent sent = next(sender);
      assertTrue(seen.add(sent.id()));
      // by the server's clock, whichever machine sent it; the half is for a loaded one
      Duration late = Duration.between(sent.tick().planned(), sent.at());
      assertTrue(late.abs().compareTo(Duration.ofMinutes(5)) < 0, "late " + late);
    }
    server.crash();
    server.start();
    sender.sent.clear();
    for (int i = 0; i < 3; i++) {
      assertTrue(seen.add(next(sender).id()));
    }
    for (RunningSchedules machine : machines) {
      machine.stop();
    }
    List<Ticks.Entry> ticks = ledger.ticks().list("second", 1000);
    assertEquals(ticks.size(), ticks.stream().map(Ticks.Entry::planned).distinct().count());
    ledgers.forEach(Ledger::close);
  }

  private static LedgerSender.Sent next(LedgerSender sender) throws InterruptedException {
    return Objects.requireNonNull(sender.sent.poll(60, TimeUnit.SECONDS), "no tick came");
  }
}
