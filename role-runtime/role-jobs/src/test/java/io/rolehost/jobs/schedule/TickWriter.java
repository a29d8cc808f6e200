package io.rolehost.jobs.schedule;

import io.rolehost.jobs.Triggers;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.ledger.LedgerSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/** A process that has a schedule of each second, and hangs in the middle of sending its tick. */
public final class TickWriter {

  private TickWriter() {}

  /** Takes the ledger's file. */
  public static void main(String[] arguments) throws Exception {
    InstantSource clock = InstantSource.system();
    try (Ledger ledger = Ledger.of(LedgerSettings.file(Path.of(arguments[0])), clock)) {
      LedgerSender sender = new LedgerSender(ledger, clock, true);
      Schedules schedules =
          new Schedules(
              "worker",
              ledger,
              (id, queue, tick, exclusive) -> {
                sender.send(id, queue, tick, exclusive);
                System.out.println(tick.planned());
                while (true) {
                  LockSupport.park();
                }
              },
              () -> false,
              clock);
      schedules.declare(Triggers.cron("* * * * * *").named("second"));
      RunningSchedules running = new RunningSchedules(schedules);
      running.join();
    }
  }
}
