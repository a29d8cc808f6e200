package io.rolehost.jobs.schedule;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.Tick;
import io.rolehost.jobs.ledger.Claim;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.ledger.NewJob;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Stands for the queue: writes the row of a tracked job as a sender does, and tells the test. */
final class LedgerSender implements TickSender {

  /** A message that was new to the broker, when it was sent. */
  record Sent(JobId id, String queue, Tick tick, Instant at) {}

  final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
  private final Ledger ledger;
  private final InstantSource clock;
  private final boolean done;
  volatile boolean down;
  volatile boolean refused;

  /** Creates a sender whose jobs are done at once, or not at all. */
  LedgerSender(Ledger ledger, InstantSource clock, boolean done) {
    this.ledger = ledger;
    this.clock = clock;
    this.done = done;
  }

  @Override
  public void send(JobId id, String queue, Tick tick, boolean exclusive) {
    if (down) {
      refused = true;
      throw new JobsUnavailableException("down", new IllegalStateException("by the test"));
    }
    if (!ledger.jobs().create(new NewJob(id, "rolehost.tick", queue, "", Duration.ofDays(7)))) {
      return;
    }
    ledger.jobs().sent(id);
    sent.add(new Sent(id, queue, tick, clock.instant()));
    if (done && ledger.jobs().claim(id, 1) instanceof Claim.Owned(long epoch, boolean ignored)) {
      ledger.jobs().done(id, epoch, Optional.empty());
    }
  }
}
