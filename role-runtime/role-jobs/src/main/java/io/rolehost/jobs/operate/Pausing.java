package io.rolehost.jobs.operate;

import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.ledger.Pauses;
import io.rolehost.jobs.queue.JobQueues;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Has the queues of this process do what operators wrote into the ledger. Until it has been read
 * once nothing is taken, so that a process that starts does not take from a paused queue; a ledger
 * that can't be reached holds nobody up, since plain messages do not need it. Thread-safe.
 */
final class Pausing {

  private static final System.Logger LOG = System.getLogger(Pausing.class.getName());
  private static final String ASKING = "the ledger is asked whether it is paused";

  private final JobQueues queues;
  private final Ledger ledger;
  private final BooleanSupplier ledgerThere;
  private final Map<String, String> reasons = new HashMap<>();
  private boolean asking;

  Pausing(JobQueues queues, Ledger ledger, BooleanSupplier ledgerThere) {
    this.queues = queues;
    this.ledger = ledger;
    this.ledgerThere = ledgerThere;
  }

  /** To be called before the first queue is declared. */
  synchronized void begin() {
    if (ledgerThere.getAsBoolean()) {
      asking = true;
      queues.pauseAll(ASKING);
    }
  }

  /** Looks into the ledger, if this process handles queues and there is one. */
  synchronized void look() {
    if (queues.counts().isEmpty() || !ledgerThere.getAsBoolean()) {
      return;
    }
    try {
      apply();
    } catch (JobsUnavailableException away) {
      LOG.log(
          asking ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
          "The ledger can't be asked which queues are paused; they stay as they are: "
              + away.getMessage());
    }
    if (asking) {
      asking = false;
      queues.resumeAll(ASKING);
    }
  }

  /** Returns whether the ledger is still to be read for the first time. */
  synchronized boolean isAsking() {
    return asking;
  }

  private void apply() {
    Map<String, String> wanted = new HashMap<>();
    for (Pauses.Paused each : ledger.pauses().list()) {
      wanted.put(
          each.queue(), "by " + each.by() + (each.reason().isEmpty() ? "" : ": " + each.reason()));
    }
    reasons.forEach((queue, reason) -> {
      if (!reason.equals(wanted.get(queue))) {
        queues.resume(queue, reason);
      }
    });
    // Each time, since a queue may have been found by its prefix meanwhile.
    wanted.forEach(queues::pause);
    reasons.clear();
    reasons.putAll(wanted);
  }
}
