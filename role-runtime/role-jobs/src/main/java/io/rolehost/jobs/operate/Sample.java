package io.rolehost.jobs.operate;

import io.rolehost.jobs.schedule.Upcoming;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What broker and ledger said when they were asked last.
 *
 * @param at when the broker answered last; empty if it never did
 * @param queues as they were then
 * @param schedules of this role, as they were told last
 * @param brokerProblem why the broker was not asked, or did not answer; else empty
 * @param ledgerProblem why the ledger did not answer; else empty
 */
record Sample(
    Optional<Instant> at,
    List<QueueFacts> queues,
    List<Upcoming> schedules,
    String brokerProblem,
    String ledgerProblem) {

  static final Sample NONE = new Sample(Optional.empty(), List.of(), List.of(), "", "");

  Sample {
    queues = List.copyOf(queues);
    schedules = List.copyOf(schedules);
  }

  Optional<QueueFacts> queue(String name) {
    return queues.stream().filter(facts -> facts.queue().equals(name)).findFirst();
  }
}
