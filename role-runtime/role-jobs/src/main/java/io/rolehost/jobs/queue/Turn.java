package io.rolehost.jobs.queue;

import io.rolehost.api.StaleFenceException;
import io.rolehost.api.StopToken;
import io.rolehost.api.TaskContext;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.QueueTrigger;
import io.rolehost.jobs.engine.Capability;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Has one message after the other handled and ends each; of one slot's thread. */
final class Turn {

  private static final System.Logger LOG = System.getLogger(Turn.class.getName());

  private final QueueWork work;
  private final Parts parts;
  private final Link.Line line;
  private final Transaction transaction;
  private final TaskContext task;
  private final StopToken token;
  private final AttemptRunner runner;
  private volatile @Nullable Attempt current;
  private volatile boolean idle = true;

  Turn(QueueWork work, Parts parts, Link.Line line, Transaction transaction, TaskContext task) {
    this.work = work;
    this.parts = parts;
    this.line = line;
    this.transaction = transaction;
    this.task = task;
    this.token = task.stopToken();
    this.runner = new AttemptRunner(work.queue(), work.counts());
  }

  boolean isIdle() {
    return idle;
  }

  void stopAsked() {
    Attempt now = current;
    if (now != null) {
      now.token().cancel();
    }
  }

  /** What the handler does now can't be committed, and somebody else may have the job already. */
  void lineLost() {
    Attempt now = current;
    if (now != null) {
      now.breakOff();
    }
  }

  void take(Message message) throws Exception {
    idle = false;
    try {
      handle(Wire.read(message), Wire.deliveries(message));
    } finally {
      idle = true;
    }
  }

  private void handle(Letter letter, int deliveries) throws Exception {
    int attempt = letter.attempts() + deliveries;
    Handling<?> handling = work.handling(letter.type());
    if (handling == null) {
      transaction.parked(letter, attempt);
      work.counts().parked.increment();
      return;
    }
    checkOrder(letter, deliveries);
    if (attempt > handling.trigger().maxAttempts()) {
      String failure =
          "handed out "
              + attempt
              + " times, and each time its process or its connection was gone before it ended";
      bury(letter, attempt - 1, Outcome.Reason.KILLED_TOO_OFTEN, failure, failure);
      note(() -> parts.tracking().buried(letter, failure));
      return;
    }
    Object payload;
    try {
      payload = handling.read(letter.body());
    } catch (IllegalArgumentException unreadable) {
      String failure = String.valueOf(unreadable.getMessage());
      bury(letter, attempt, Outcome.Reason.UNREADABLE, failure, failure);
      note(() -> parts.tracking().buried(letter, failure));
      return;
    }
    Duration turn = handling.turn();
    if (turn.isPositive() && token.await(turn)) {
      transaction.giveBack(letter, attempt);
      work.counts().givenBack.increment();
      return;
    }
    attempts(letter, attempt, handling, payload);
  }

  private void checkOrder(Letter letter, int deliveries) {
    if (letter.group().isEmpty()) {
      return;
    }
    work.groupSeen();
    if (letter.order().isPresent()
        && deliveries == 1
        && !work.order().inOrder(letter.group().get(), letter.order().get())) {
      work.counts().overtaken.increment();
      LOG.log(
          System.Logger.Level.WARNING,
          "Job {0} of group \"{1}\" in \"{2}\" comes after a later one of its sender",
          letter.id(),
          letter.group().get(),
          work.queue());
    }
  }

  private void attempts(Letter first, int number, Handling<?> handling, Object payload)
      throws Exception {
    Letter letter = first;
    for (int attempt = number; ; attempt++) {
      if (!(begin(letter, attempt)
          instanceof Tracking.Entry.Go(var record, boolean cancelRequested))) {
        transaction.done(List.of());
        return;
      }
      Attempt job =
          new Attempt(
              letter,
              attempt,
              parts.clock().instant().plus(handling.trigger().timeout()),
              parts.outbox(),
              record,
              task);
      Ending ending = cancelRequested ? new Ending.Cancelled() : run(job, handling, payload);
      line.check();
      Outcome outcome = Outcome.of(ending, facts(attempt, handling.trigger(), letter));
      Optional<AgainWith> again = end(job, letter, attempt, ending, outcome);
      if (again.isEmpty()) {
        return;
      }
      if (token.await(again.get().delay())) {
        transaction.giveBack(again.get().letter(), attempt + 1);
        work.counts().givenBack.increment();
        return;
      }
      line.check();
      letter = again.get().letter();
    }
  }

  /** A ledger that is away must not cost the job an attempt. */
  private Tracking.Entry begin(Letter letter, int attempt) throws JMSException {
    try {
      return parts.tracking().begin(work.queue(), letter, attempt);
    } catch (JobsUnavailableException away) {
      transaction.giveBack(letter, attempt);
      throw away;
    }
  }

  /** Another attempt with the message in hand. */
  private record AgainWith(Letter letter, Duration delay) {}

  private Ending run(Attempt job, Handling<?> handling, Object payload) {
    current = job;
    work.began(job, parts.clock().millis());
    if (token.isStopRequested()) {
      job.token().cancel();
    }
    if (line.isLost()) {
      lineLost();
    }
    try {
      return runner.run(job, handling, payload, token);
    } finally {
      current = null;
      work.ended(job);
    }
  }

  private Outcome.Facts facts(int attempt, QueueTrigger trigger, Letter letter) {
    return new Outcome.Facts(
        attempt,
        trigger.maxAttempts(),
        trigger.backoff(),
        trigger.permanent(),
        letter.group().isPresent() || !parts.has().contains(Capability.DELAY),
        token.isStopRequested(),
        parts.random().getAsDouble());
  }

  private Optional<AgainWith> end(
      Attempt job, Letter letter, int attempt, Ending ending, Outcome outcome) throws Exception {
    if (ending instanceof Ending.Threw(var thrown) && Outcome.vmEnds(thrown)) {
      throw told(thrown); // the shortest path out; the broker counts it as a kill
    }
    if (!(outcome instanceof Outcome.Done)) {
      withdraw(job);
    }
    Optional<AgainWith> inPlace = Optional.empty();
    switch (outcome) {
      case Outcome.Done() -> done(job, letter, attempt);
      case Outcome.Cancelled() -> {
        work.counts().cancelled.increment();
        note(() -> job.record().cancelled());
        transaction.done(List.of());
      }
      case Outcome.Again(var delay, var failure) -> {
        work.counts().failed.increment();
        work.counts().retried.increment();
        note(() -> job.record().again(failure));
        if (letter.group().isPresent()) {
          transaction.rollback(); // it ends the role, and must stay before those behind it
        } else {
          transaction.again(letter, attempt, delay, failure);
        }
      }
      case Outcome.AgainInPlace(var delay, var failure) -> {
        work.counts().failed.increment();
        work.counts().retried.increment();
        note(() -> job.record().again(failure));
        inPlace =
            Optional.of(
                new AgainWith(
                    letter.failed(
                        letter.attempts(),
                        Failure.plus(
                            letter.history(),
                            new Failure(attempt, parts.clock().instant(), failure))),
                    delay));
      }
      case Outcome.Dead(var reason, var failure) -> {
        work.counts().failed.increment();
        String error = ending instanceof Ending.Threw(var thrown) ? Traces.of(thrown) : failure;
        bury(letter, attempt, reason, failure, error);
        note(() -> job.record().dead(failure));
      }
      case Outcome.GiveBack() -> {
        note(() -> job.record().givenBack());
        transaction.giveBack(letter, attempt);
        work.counts().givenBack.increment();
      }
    }
    if (ending instanceof Ending.Threw(var thrown) && Outcome.endsRole(thrown)) {
      throw told(thrown);
    }
    return inPlace;
  }

  private void done(Attempt job, Letter letter, int attempt) throws JMSException {
    List<Dispatch> sent = new ArrayList<>();
    try {
      for (Attempt.Kept kept : job.kept()) {
        // Once its row says done, a job is not called again though its commit be lost: what it
        // sends has to be on its way by then, under ids that are the same at each attempt. And in
        // a transaction a key that is known already would fail all of it, for ever.
        Dispatch dispatch =
            letter.tracked() ? parts.outbox().keyed(kept.dispatch()) : kept.dispatch();
        if (dispatch.dedupKey().isPresent()) {
          parts.outbox().post(dispatch);
        } else {
          sent.add(dispatch);
        }
      }
      job.record().done(job.result());
    } catch (JobsUnavailableException away) {
      transaction.giveBack(letter, attempt);
      throw away;
    } catch (StaleFenceException late) {
      withdraw(job);
      transaction.done(List.of()); // whoever has the job has a message of its own
      return;
    }
    transaction.done(sent);
    for (Attempt.Kept kept : job.kept()) {
      note(() -> parts.outbox().sent(kept.dispatch(), kept.window()));
    }
    work.counts().done.increment();
  }

  /** The message is what counts: a status that can't be noted now is put right by what follows. */
  private void note(Runnable noting) {
    try {
      noting.run();
    } catch (JobsUnavailableException | StaleFenceException e) {
      LOG.log(System.Logger.Level.DEBUG, "A status could not be noted", e);
    }
  }

  private void withdraw(Attempt job) {
    for (Attempt.Kept kept : job.kept()) {
      parts.outbox().withdraw(kept.dispatch(), kept.window());
    }
  }

  private void bury(
      Letter letter, int attempts, Outcome.Reason reason, String failure, String error)
      throws JMSException {
    transaction.dead(letter, attempts, reason, failure, error);
    work.counts().dead.increment();
    LOG.log(
        System.Logger.Level.WARNING,
        "Job {0} of \"{1}\" is a dead letter after attempt {2}: {3}",
        letter.id(),
        work.queue(),
        attempts,
        failure);
  }

  private static Exception told(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof Exception exception ? exception : new Exception(thrown);
  }
}
