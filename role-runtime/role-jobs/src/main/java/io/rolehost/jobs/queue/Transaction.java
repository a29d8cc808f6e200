package io.rolehost.jobs.queue;

import io.rolehost.jobs.engine.Capability;
import io.rolehost.jobs.engine.Engine;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * What is done with a message that was taken, as one with its taking. Of one slot's thread; each
 * method ends with the commit.
 */
final class Transaction {

  /** Before all others, so that what is given back keeps its place. */
  private static final int AHEAD = 9;

  private final String queue;
  private final Session session;
  private final Engine engine;
  private final Set<Capability> has;
  private final InstantSource clock;
  private MessageProducer producer;
  private long usedAt = System.nanoTime();

  Transaction(
      String queue, Session session, Engine engine, Set<Capability> has, InstantSource clock)
      throws JMSException {
    this.queue = queue;
    this.session = session;
    this.producer = session.createProducer(null);
    this.engine = engine;
    this.has = has;
    this.clock = clock;
  }

  /** Returns what sends: a new one where the broker may have taken the old one away meanwhile. */
  private MessageProducer producer() throws JMSException {
    long now = System.nanoTime();
    if (now - usedAt > Sender.IDLE_NANOS) {
      producer.close();
      producer = session.createProducer(null);
    }
    usedAt = now;
    return producer;
  }

  /** Takes it off, with what is to be sent. */
  void done(List<Dispatch> sent) throws JMSException {
    for (Dispatch dispatch : sent) {
      Sender.post(session, producer(), engine, dispatch);
    }
    session.commit();
  }

  /** Puts a later attempt in its place. */
  void again(Letter letter, int attempt, Duration delay, String failure) throws JMSException {
    Letter next =
        letter.failed(
            attempt,
            Failure.plus(letter.history(), new Failure(attempt, clock.instant(), failure)));
    Dispatch dispatch = Dispatch.of(queue, next);
    Sender.post(
        session,
        producer(),
        engine,
        new Dispatch(queue, dispatch.letter(), delay, dispatch.dedupKey()));
    session.commit();
  }

  /** Puts it among the dead letters. */
  void dead(Letter letter, int attempts, Outcome.Reason reason, String failure, String error)
      throws JMSException {
    Instant now = clock.instant();
    Letter last =
        letter.failed(
            attempts, Failure.plus(letter.history(), new Failure(attempts, now, failure)));
    Message message = Wire.write(session, engine, last);
    message.setStringProperty(Wire.REASON, reason.name());
    message.setStringProperty(Wire.ERROR, error);
    message.setLongProperty(Wire.BURIED_AT, now.toEpochMilli());
    message.setStringProperty(Wire.CAME_FROM, queue);
    aside(QueueName.dead(queue), message, letter.priority());
  }

  /** Puts it among those of which nobody knows the type. */
  void parked(Letter letter, int attempts) throws JMSException {
    Message message = Wire.write(session, engine, letter.failed(attempts - 1, letter.history()));
    message.setStringProperty(Wire.CAME_FROM, queue);
    aside(QueueName.parked(queue), message, letter.priority());
  }

  private void aside(String where, Message message, int priority) throws JMSException {
    // Nobody handles it there, and a group would only make it wait for a receiver.
    MessageProducer out = producer();
    out.setDeliveryDelay(0);
    out.send(
        session.createQueue(where),
        message,
        DeliveryMode.PERSISTENT,
        priority,
        Message.DEFAULT_TIME_TO_LIVE);
    session.commit();
  }

  /**
   * Gives it back as if it had not been taken: by a copy that goes before all others and has not
   * been counted, since brokers count a rollback as they count a kill.
   */
  void giveBack(Letter letter, int attempt) throws JMSException {
    if (!has.contains(Capability.PRIORITY)) {
      session.rollback();
      return;
    }
    Message message = Wire.write(session, engine, letter.failed(attempt - 1, letter.history()));
    Wire.ahead(message, letter.priority());
    MessageProducer out = producer();
    out.setDeliveryDelay(0);
    out.send(
        session.createQueue(queue),
        message,
        DeliveryMode.PERSISTENT,
        AHEAD,
        Message.DEFAULT_TIME_TO_LIVE);
    session.commit();
  }

  /** Gives it back and has this attempt counted. */
  void rollback() throws JMSException {
    session.rollback();
  }
}
