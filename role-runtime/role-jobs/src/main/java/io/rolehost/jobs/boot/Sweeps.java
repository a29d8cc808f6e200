package io.rolehost.jobs.boot;

import io.rolehost.api.RoleContext;
import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskSupervisor;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.ledger.NewJob;
import io.rolehost.jobs.queue.JobQueues;
import io.rolehost.jobs.queue.LedgerTracking;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** What is done about the ledger from time to time; nothing in a process that never uses it. */
final class Sweeps {

  private static final System.Logger LOG = System.getLogger(Sweeps.class.getName());

  private static final Duration CANCELS = Duration.ofMillis(500);
  private static final Duration UNSENT = Duration.ofSeconds(15);

  /** Younger rows are on their way. */
  private static final Duration UNSENT_AGE = Duration.ofSeconds(30);

  private static final Duration PURGE = Duration.ofMinutes(1);
  private static final int BITE = 100;
  private static final int MOST_BITES = 100;

  private final Ledger ledger;
  private final BooleanSupplier inUse;
  private final JobQueues queues;
  private final InstantSource clock;

  /** Sweeps only while {@code inUse}, so that a ledger nobody needs is never opened. */
  Sweeps(Ledger ledger, BooleanSupplier inUse, JobQueues queues, InstantSource clock) {
    this.ledger = ledger;
    this.inUse = inUse;
    this.queues = queues;
    this.clock = clock;
  }

  void start(RoleContext context) {
    TaskSupervisor group = context.tasks().group("jobs", Strategy.ONE_FOR_ONE);
    Object _ = group.start(task("cancels", CANCELS, this::cancels));
    Object _ = group.start(task("unsent", UNSENT, this::unsent));
    Object _ = group.start(task("purge", PURGE, this::purge));
  }

  private Task task(String name, Duration period, Runnable action) {
    AtomicBoolean first = new AtomicBoolean(true);
    return Task.named(name)
        .body(task -> {
          // The first call comes in the middle of the role's start, which need not wait for a disk.
          if (!first.getAndSet(false) && inUse.getAsBoolean()) {
            try {
              action.run();
            } catch (JobsUnavailableException away) {
              LOG.log(System.Logger.Level.DEBUG, "The sweep " + name + " was put off", away);
            }
          }
        })
        .every(period)
        .unlimitedRestarts();
  }

  /** Tells attempts of this process that somebody, anywhere, wants their end. */
  private void cancels() {
    List<JobId> running = queues.running();
    if (!running.isEmpty()) {
      for (JobId id : ledger.jobs().cancelRequested(running)) {
        boolean _ = queues.cancelRunning(id);
      }
    }
  }

  /** Sends what has a row and was not sent, since its process was killed in between. */
  private void unsent() {
    for (NewJob row : ledger.jobs().unsent(clock.instant().minus(UNSENT_AGE), BITE)) {
      queues.sendAgain(LedgerTracking.unsent(row));
      ledger.jobs().sent(row.id());
      LOG.log(
          System.Logger.Level.INFO,
          "Job {0} of \"{1}\" had a row and no message; it was sent again",
          row.id(),
          row.queue());
    }
  }

  private void purge() {
    for (int bites = 0; bites < MOST_BITES && ledger.purge(); bites++) {
      // bite by bite, so that nobody waits long for the one that may write
    }
  }
}
