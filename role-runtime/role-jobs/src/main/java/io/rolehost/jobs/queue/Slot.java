package io.rolehost.jobs.queue;

import io.rolehost.api.Side;
import io.rolehost.api.StopToken;
import io.rolehost.api.TaskBody;
import io.rolehost.api.TaskContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One of those that handle the messages of a queue: it takes a message, has it handled, ends it,
 * and takes the next. Its session is of its own thread alone.
 */
final class Slot implements TaskBody {

  private static final System.Logger LOG = System.getLogger(Slot.class.getName());

  /** How long one call waits for a message. It is woken for a stop or a pause. */
  private static final long RECEIVE_MILLIS = 2_000;

  /** Where groups are used nobody wakes it: a message that comes just then would be overtaken. */
  private static final long RECEIVE_GROUPED_MILLIS = 500;

  /** After so long a slot lets go of its groups between two messages, so that others get some. */
  private static final long KEEP_GROUPS_NANOS = Duration.ofSeconds(10).toNanos();

  /** How long a swap may have to wait for a slot. */
  private static final Duration SIDE_LOOK = Duration.ofMillis(250);

  /** How long one attempt of the task waits for the broker. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final QueueWork work;
  private final Parts parts;
  private volatile @Nullable MessageConsumer waiting;
  private volatile @Nullable Turn turn;

  Slot(QueueWork work, Parts parts) {
    this.work = work;
    this.parts = parts;
  }

  @Override
  public void run(TaskContext task) throws Exception {
    StopToken token = task.stopToken();
    token.onStop(this::stopAsked);
    while (!token.isStopRequested()) {
      work.gate().await(token);
      if (!token.isStopRequested() && isOurs()) {
        serve(parts.link().line(PATIENCE), task);
      }
    }
  }

  private boolean isOurs() throws InterruptedException {
    return isAlone() || parts.side().awaitProduction(SIDE_LOOK);
  }

  private boolean isAlone() {
    return parts.side().equals(Side.ALONE);
  }

  private void serve(Link.Line line, TaskContext task) throws Exception {
    StopToken token = task.stopToken();
    Runnable lost = this::lineLost;
    line.onLost(lost);
    try (Session session = line.connection().createSession(true, Session.SESSION_TRANSACTED)) {
      Turn mine =
          new Turn(
              work,
              parts,
              line,
              new Transaction(work.queue(), session, parts.engine(), parts.has(), parts.clock()),
              task);
      turn = mine;
      while (isOpen(token)) {
        receive(line, session, mine, token);
      }
    } finally {
      line.forget(lost);
      turn = null;
      waiting = null;
    }
  }

  /** Takes messages as long as one receiver is good for. */
  private void receive(Link.Line line, Session session, Turn mine, StopToken token)
      throws Exception {
    try (MessageConsumer consumer = session.createConsumer(session.createQueue(work.queue()))) {
      waiting = consumer;
      long opened = System.nanoTime();
      while (isOpen(token)) {
        boolean grouped = work.hasGroups();
        Message message = next(consumer, grouped);
        if (message != null) {
          mine.take(message);
        } else {
          line.check();
        }
        if (grouped && System.nanoTime() - opened > KEEP_GROUPS_NANOS) {
          return;
        }
      }
    } finally {
      waiting = null;
    }
  }

  /** Where another deployment has the other side of a swap, a message is never taken by both. */
  private @Nullable Message next(MessageConsumer consumer, boolean grouped) throws Exception {
    return isAlone()
        ? consumer.receive(grouped ? RECEIVE_GROUPED_MILLIS : RECEIVE_MILLIS)
        : parts
            .side()
            .take(() -> Optional.ofNullable(consumer.receive(SIDE_LOOK.toMillis())))
            .orElse(null);
  }

  private boolean isOpen(StopToken token) {
    return !token.isStopRequested()
        && !work.gate().isClosed()
        && (isAlone() || parts.side().isProduction());
  }

  private void stopAsked() {
    Turn now = turn;
    if (now != null) {
      now.stopAsked();
    }
    wake();
  }

  private void lineLost() {
    Turn now = turn;
    if (now != null) {
      now.lineLost();
    }
  }

  /** Ends the wait for a message, if it waits. */
  void wake() {
    MessageConsumer consumer = waiting;
    Turn now = turn;
    if (consumer != null && !work.hasGroups() && (now == null || now.isIdle())) {
      // Closing is a question to the broker; who asks for a stop must not wait for its answer.
      Thread _ = Thread.startVirtualThread(() -> close(consumer));
    }
  }

  private static void close(MessageConsumer consumer) {
    try {
      consumer.close();
    } catch (JMSException e) {
      LOG.log(System.Logger.Level.DEBUG, "Closing a receiver failed", e);
    }
  }
}
