package io.rolehost.jobs.operate;

import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.queue.JobQueues;
import io.rolehost.jobs.schedule.Schedules;
import io.rolehost.jobs.schedule.Upcoming;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Asks broker and ledger from time to time, so that nobody who wants to know has to wait for them.
 * It makes no connection of its own: what nobody uses is not asked.
 */
final class Sampler {

  private final JobQueues queues;
  private final Schedules schedules;
  private final InstantSource clock;
  private volatile Sample last = Sample.NONE;

  Sampler(JobQueues queues, Schedules schedules, InstantSource clock) {
    this.queues = queues;
    this.schedules = schedules;
    this.clock = clock;
  }

  Sample last() {
    return last;
  }

  void sample() {
    Sample before = last;
    Sample broker = broker(before);
    List<Upcoming> upcoming = before.schedules();
    String ledgerProblem = "";
    if (!schedules.names().isEmpty()) {
      try {
        upcoming = schedules.upcoming();
      } catch (JobsUnavailableException away) {
        ledgerProblem = String.valueOf(away.getMessage());
      }
    }
    last =
        new Sample(broker.at(), broker.queues(), upcoming, broker.brokerProblem(), ledgerProblem);
  }

  private Sample broker(Sample before) {
    String problem = queues.problem();
    if (!queues.tellsFacts()) {
      return before;
    }
    if (problem.isEmpty()) {
      try {
        return new Sample(
            Optional.of(clock.instant()), QueueFacts.of(queues.look("")), List.of(), "", "");
      } catch (JobsUnavailableException away) {
        problem = String.valueOf(away.getMessage());
      }
    }
    return new Sample(before.at(), before.queues(), List.of(), problem, "");
  }
}
