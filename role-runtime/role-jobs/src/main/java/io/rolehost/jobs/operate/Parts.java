package io.rolehost.jobs.operate;

import io.rolehost.jobs.engine.QueueLook;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.queue.JobQueues;
import io.rolehost.jobs.queue.QueueName;
import io.rolehost.jobs.schedule.Schedules;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * What is looked at and acted on.
 *
 * @param ledgerThere whether the ledger exists: to ask one that does not would make it
 */
record Parts(
    JobQueues queues,
    Schedules schedules,
    Ledger ledger,
    BooleanSupplier ledgerThere,
    Sampler sampler,
    Pausing pausing,
    InstantSource clock) {

  private static final int NAMED = 20;

  /**
   * Refuses a queue that nobody has heard of: a broker would make it, and tell that it is empty.
   */
  void requireQueue(String queue) throws Unanswerable {
    if (!queue.matches("[A-Za-z0-9._-]{1,150}")) {
      throw new Unanswerable(
          400, "A queue's name has 1 to 150 letters, digits and . _ -, was \"" + queue + "\"");
    }
    if (queues.counts().containsKey(queue) || !queues.tellsFacts()) {
      return;
    }
    Set<String> names = new TreeSet<>(queues.counts().keySet());
    for (QueueLook look : queues.look("")) {
      if (look.name().equals(queue) || look.name().equals(QueueName.dead(queue))) {
        return;
      }
      if (!QueueName.isAside(look.name())) {
        names.add(look.name());
      }
    }
    throw new Unanswerable(
        404,
        "There is no queue \""
            + queue
            + "\"; there are "
            + names.stream().limit(NAMED).toList()
            + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : ""));
  }
}
