package io.rolehost.jobs.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.jobs.Triggers;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.ledger.LedgerSettings;
import io.rolehost.jobs.ledger.Ticks;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of ticks when the process is killed that is sending one. */
final class KilledTimerProcessTest {

  @TempDir private Path folder;

  @Test
  void tick_whoseSenderIsKilledAfterSendingIt_isTakenOverInTimeAndNotSentTwice() throws Exception {
    Path file = folder.resolve("ledger.db");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                TickWriter.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    InstantSource clock = InstantSource.system();
    try (Ledger ledger = Ledger.of(LedgerSettings.file(file), clock)) {
      Instant begun = Instant.parse(Objects.requireNonNull(process.inputReader().readLine()));
      LedgerSender sender = new LedgerSender(ledger, clock, true);
      Schedules schedules = new Schedules("worker", ledger, sender, () -> false, clock);
      schedules.declare(Triggers.cron("* * * * * *").named("second"));
      RunningSchedules heir = new RunningSchedules(schedules);
      process.destroyForcibly();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      Instant killed = clock.instant();
      LedgerSender.Sent next =
          Objects.requireNonNull(sender.sent.poll(60, TimeUnit.SECONDS), "nobody took it over");
      Duration took = Duration.between(killed, next.at());
      // and a second for a loaded machine
      assertTrue(took.compareTo(Timer.TAKE_OVER.plusSeconds(1)) < 0, "took " + took);
      heir.stop();
      List<Ticks.Entry> ticks = ledger.ticks().list("second", 100).reversed();
      assertEquals(
          List.of(Ticks.Outcome.RAN),
          ticks.stream()
              .filter(each -> each.planned().equals(begun))
              .map(Ticks.Entry::outcome)
              .toList());
      assertTrue(
          ticks.stream()
              .filter(each -> each.planned().isAfter(begun))
              .filter(each -> each.planned().isBefore(next.tick().planned()))
              .allMatch(each -> each.outcome() == Ticks.Outcome.MISSED),
          ticks::toString);
    }
  }
}
