package io.rolehost.jobs.queue;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.engine.Capability;
import io.rolehost.jobs.engine.Engine;
import io.rolehost.jobs.engine.Engines;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** What is sent from outside of handlers, and what every message goes through. Thread-safe. */
final class Outbox implements Draft.Target {

  /** So many groups may be sent to at once; two of one lock wait for each other. */
  private static final int LOCKS = 64;

  /**
   * What is to be done for a message.
   *
   * @param id what its sender is told
   * @param dispatch empty if an earlier message counts instead
   */
  record Admitted(JobId id, Optional<Dispatch> dispatch) {}

  private final Sender sender;
  private final Tracking tracking;
  private final InstantSource clock;
  private final Set<Capability> has;
  private final String engineName;
  private final String name = UUID.randomUUID().toString().substring(0, 8);
  private final AtomicLong numbers = new AtomicLong();
  private final Object[] groupLocks = new Object[LOCKS];

  Outbox(
      Sender sender, Tracking tracking, InstantSource clock, Engine engine, Set<Capability> has) {
    this.sender = sender;
    this.tracking = tracking;
    this.clock = clock;
    this.has = has;
    this.engineName = engine.name();
    for (int i = 0; i < LOCKS; i++) {
      groupLocks[i] = new Object();
    }
  }

  Draft draft(String queue, Object payload, Draft.Target target) {
    return new Draft(queue, payload, target, clock);
  }

  /**
   * Refuses what the engine can't do.
   *
   * @throws IllegalArgumentException naming both
   * @throws JobsUnavailableException if only the broker could tell and can't be reached in time
   */
  void check(Dispatch dispatch) {
    if (!has.containsAll(dispatch.needs())) {
      sender.connect(); // which may show that it can
    }
    if (!has.containsAll(dispatch.needs())) {
      throw new IllegalArgumentException(
          Engines.missing(
              "A message to \"" + dispatch.queue() + "\"", dispatch.needs(), has, engineName));
    }
  }

  Admitted admit(Dispatch dispatch, Optional<Tracking.Window> window) {
    JobId id = dispatch.letter().id();
    if (!dispatch.letter().tracked() && window.isEmpty()) {
      return new Admitted(id, Optional.of(dispatch));
    }
    return switch (tracking.admit(dispatch, window)) {
      case Tracking.Admission.Fresh() -> new Admitted(id, Optional.of(keyed(dispatch)));
      case Tracking.Admission.Known(JobId earlier) -> new Admitted(earlier, Optional.empty());
      case Tracking.Admission.Again(JobId earlier) ->
          new Admitted(earlier, Optional.of(renamed(dispatch, earlier)));
    };
  }

  void sent(Dispatch dispatch, Optional<Tracking.Window> window) {
    if (dispatch.letter().tracked() || window.isPresent()) {
      tracking.sent(dispatch, window);
    }
  }

  void withdraw(Dispatch dispatch, Optional<Tracking.Window> window) {
    if (dispatch.letter().tracked() || window.isPresent()) {
      tracking.withdraw(dispatch, window);
    }
  }

  @Override
  public JobId submit(Dispatch dispatch, Optional<Tracking.Window> window) {
    check(dispatch);
    Admitted admitted = admit(dispatch, window);
    if (admitted.dispatch().isPresent()) {
      // If that fails the row stays and is not sent: whoever sweeps, or comes with the key again,
      // sends it under the same id.
      post(admitted.dispatch().get());
      sent(admitted.dispatch().get(), window);
    }
    return admitted.id();
  }

  @Override
  public JobId nextId() {
    return new JobId(UUID.randomUUID().toString());
  }

  /** Sends at once; durable when it returns. */
  void post(Dispatch dispatch) {
    Letter letter = dispatch.letter();
    if (letter.group().isEmpty()
        || dispatch.delay().isPositive()
        || letter.priority() != Letter.DEFAULT_PRIORITY) {
      sender.send(dispatch);
      return;
    }
    String group = letter.group().get();
    synchronized (groupLocks[Math.floorMod(group.hashCode(), LOCKS)]) {
      Letter.Order order = new Letter.Order(name, numbers.incrementAndGet());
      sender.send(dispatch.with(letter.ordered(order)));
    }
  }

  private Dispatch renamed(Dispatch dispatch, JobId id) {
    Letter was = dispatch.letter();
    Letter letter =
        new Letter(
            id,
            was.type(),
            was.body(),
            was.headers(),
            was.correlationId().equals(was.id().value()) ? id.value() : was.correlationId(),
            was.replyTo(),
            was.group(),
            was.priority(),
            was.enqueuedAt(),
            was.attempts(),
            was.history(),
            was.tracked(),
            was.order());
    return keyed(new Dispatch(dispatch.queue(), letter, dispatch.delay(), Optional.empty()));
  }

  /** What may be sent again after a doubt is to be known by its id then. */
  Dispatch keyed(Dispatch dispatch) {
    return dispatch.dedupKey().isPresent() || !has.contains(Capability.DEDUP)
        ? dispatch
        : new Dispatch(
            dispatch.queue(),
            dispatch.letter(),
            dispatch.delay(),
            Optional.of(dispatch.letter().id().value()));
  }
}
