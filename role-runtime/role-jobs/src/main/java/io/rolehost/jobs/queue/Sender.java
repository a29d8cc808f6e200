package io.rolehost.jobs.queue;

import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.engine.Engine;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends one message at a time and waits until the broker has it on disk. As many threads may send
 * at once as there are sessions; more wait for one. Safe for all threads.
 */
final class Sender {

  private static final int SESSIONS = 16;

  /** Azure Service Bus takes a way to send away after 10 minutes without use. */
  static final long IDLE_NANOS = Duration.ofMinutes(5).toNanos();

  private record Way(Link.Line line, Session session, MessageProducer producer, long usedAt) {

    boolean isFresh() {
      return !line.isLost() && System.nanoTime() - usedAt < IDLE_NANOS;
    }
  }

  private final Link link;
  private final Engine engine;
  private final Duration timeout;
  private final Semaphore permits = new Semaphore(SESSIONS);
  private final Deque<Way> idle = new ArrayDeque<>();

  Sender(Link link, Engine engine, Duration timeout) {
    this.link = link;
    this.engine = engine;
    this.timeout = timeout;
  }

  /**
   * Waits for a connection.
   *
   * @throws JobsUnavailableException if there is none in time
   */
  void connect() {
    try {
      Link.Line _ = link.line(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JobsUnavailableException("Interrupted while waiting for the broker", e);
    }
  }

  /**
   * Sends a message; a key that was there already counts as sent.
   *
   * @throws JobsUnavailableException if the broker can't be reached in time
   */
  void send(Dispatch dispatch) {
    long end = System.nanoTime() + timeout.toNanos();
    try {
      if (!permits.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new JobsUnavailableException(
            "No message could be sent in "
                + timeout.toMillis()
                + " ms: "
                + SESSIONS
                + " others wait for the broker. See the disk and the load of the broker, or raise"
                + " rolehost.jobs.send.timeout",
            new JMSException("busy"));
      }
      try {
        trySend(dispatch, end);
      } finally {
        permits.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JobsUnavailableException(
          "Interrupted while sending to \"" + dispatch.queue() + "\"", e);
    }
  }

  private void trySend(Dispatch dispatch, long end) throws InterruptedException {
    while (true) {
      Way way = way(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      JMSException failure = send(way, dispatch);
      if (failure == null) {
        giveBack(way);
        return;
      }
      drop(way);
      // With a key a second sending changes nothing, without one it might make two jobs of one.
      if (dispatch.dedupKey().isEmpty() || System.nanoTime() > end) {
        throw new JobsUnavailableException(
            "The broker did not confirm a message to \""
                + dispatch.queue()
                + "\": "
                + failure.getMessage()
                + ". It may be there or not; with a dedupKey it is sent again by itself until"
                + " rolehost.jobs.send.timeout is over",
            failure);
      }
    }
  }

  private @Nullable JMSException send(Way way, Dispatch dispatch) {
    try {
      post(way.session(), way.producer(), engine, dispatch);
      return null;
    } catch (JMSException e) {
      return engine.isDuplicate(e) ? null : e;
    }
  }

  /** Sends by a session of whoever calls; in a transaction it counts with the commit. */
  static void post(Session session, MessageProducer producer, Engine engine, Dispatch dispatch)
      throws JMSException {
    Letter letter = dispatch.letter();
    Message message = Wire.write(session, engine, letter);
    if (dispatch.dedupKey().isPresent()) {
      engine.setDedupKey(message, dispatch.dedupKey().get());
    }
    producer.setDeliveryDelay(dispatch.delay().toMillis());
    producer.send(
        session.createQueue(dispatch.queue()),
        message,
        DeliveryMode.PERSISTENT,
        letter.priority(),
        Message.DEFAULT_TIME_TO_LIVE);
  }

  private Way way(Duration patience) throws InterruptedException {
    Way known = takeIdle();
    if (known != null) {
      return known;
    }
    Link.Line line = link.line(patience);
    try {
      Session session = line.connection().createSession(false, Session.AUTO_ACKNOWLEDGE);
      return new Way(line, session, session.createProducer(null), System.nanoTime());
    } catch (JMSException e) {
      throw new JobsUnavailableException(
          "The broker gives no session to send with: " + e.getMessage(), e);
    }
  }

  private @Nullable Way takeIdle() {
    while (true) {
      Way way;
      synchronized (idle) {
        way = idle.pollLast();
      }
      if (way == null || way.isFresh()) {
        return way;
      }
      drop(way);
    }
  }

  private void giveBack(Way way) {
    synchronized (idle) {
      idle.addLast(new Way(way.line(), way.session(), way.producer(), System.nanoTime()));
    }
  }

  private static void drop(Way way) {
    try {
      way.session().close();
    } catch (JMSException gone) {
      // with its connection
    }
  }
}
