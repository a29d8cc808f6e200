package io.rolehost.jobs.queue;

import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.engine.Capability;
import io.rolehost.jobs.engine.Engines;
import jakarta.jms.DeliveryMode;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of queues: looked at, sent back, deleted. Each call is a conversation of its own
 * with the broker. Safe for all threads.
 */
public final class DeadLetters {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final long RECEIVE_MILLIS = 200;

  private final Parts parts;

  DeadLetters(Parts parts) {
    this.parts = parts;
  }

  /**
   * Returns dead letters, the one that lies there longest first.
   *
   * @param limit how many at most
   * @throws JobsUnavailableException if the broker can't be asked
   */
  public List<DeadLetter> browse(String queue, Selection which, int limit) {
    return ask(
        false,
        List.of(),
        session -> {
          List<DeadLetter> found = new ArrayList<>();
          try (QueueBrowser browser =
              session.createBrowser(
                  session.createQueue(QueueName.dead(QueueName.checked(queue))),
                  which.selector(Long.MAX_VALUE))) {
            for (Enumeration<?> all = browser.getEnumeration();
                found.size() < limit && all.hasMoreElements(); ) {
              found.add(read(queue, (Message) all.nextElement()));
            }
          }
          return found;
        });
  }

  /**
   * Sends dead letters back to their queue, to be tried afresh; each keeps its id and its history.
   *
   * @param before only those that were there then; of one job in any case
   * @param most how many at most
   * @return how many
   * @throws JobsUnavailableException if the broker can't be asked; those that were sent before are
   *     sent
   */
  public int redrive(String queue, Selection which, Instant before, int most) {
    return each(
        queue,
        which,
        before,
        most,
        (session, producer, message) -> {
          Letter letter = Wire.read(message).afresh();
          producer.send(
              session.createQueue(queue),
              Wire.write(session, parts.engine(), letter),
              DeliveryMode.PERSISTENT,
              letter.priority(),
              Message.DEFAULT_TIME_TO_LIVE);
          if (letter.tracked()) {
            parts.tracking().redriven(letter);
          }
        });
  }

  /**
   * Deletes dead letters for good.
   *
   * @param before only those that were there then; of one job in any case
   * @param most how many at most
   * @return how many
   * @throws JobsUnavailableException if the broker can't be asked; those that were deleted before
   *     are deleted
   */
  public int delete(String queue, Selection which, Instant before, int most) {
    return each(queue, which, before, most, (session, producer, message) -> {});
  }

  private interface Each {
    void act(Session session, MessageProducer producer, Message message) throws JMSException;
  }

  private int each(String queue, Selection which, Instant before, int most, Each action) {
    return ask(
        true,
        0,
        session -> {
          int count = 0;
          try (MessageProducer producer = session.createProducer(null);
              MessageConsumer consumer =
                  session.createConsumer(
                      session.createQueue(QueueName.dead(QueueName.checked(queue))),
                      which.selector(before.toEpochMilli() + 1))) {
            @Nullable Message message = consumer.receive(RECEIVE_MILLIS);
            while (message != null && count < most) {
              action.act(session, producer, message);
              session.commit();
              count++;
              message = which instanceof Selection.One ? null : consumer.receive(RECEIVE_MILLIS);
            }
          }
          return count;
        });
  }

  private static DeadLetter read(String queue, Message message) throws JMSException {
    String reason = message.getStringProperty(Wire.REASON);
    String error = message.getStringProperty(Wire.ERROR);
    return new DeadLetter(
        queue,
        Wire.read(message),
        reason == null ? "" : reason,
        error == null ? "" : error,
        Instant.ofEpochMilli(
            message.propertyExists(Wire.BURIED_AT)
                ? message.getLongProperty(Wire.BURIED_AT)
                : message.getJMSTimestamp()));
  }

  private interface Question<T> {
    T answer(Session session) throws JMSException;
  }

  /**
   * Asks the broker.
   *
   * @param none the answer where there is no such queue: brokers make it for the first dead letter,
   *     and may take it away behind the last one
   */
  private <T> T ask(boolean transacted, T none, Question<T> question) {
    String missing =
        Engines.missing(
            "A look at dead letters",
            EnumSet.of(Capability.BROWSE, Capability.SELECTORS),
            parts.has(),
            parts.engine().name());
    if (!missing.isEmpty()) {
      // What leaves selectors aside without a word would give all for one.
      throw new UnsupportedOperationException(missing);
    }
    return Conversation.with(
        parts.link(),
        PATIENCE,
        transacted,
        session -> {
          try {
            return question.answer(session);
          } catch (InvalidDestinationException noSuchQueue) {
            return none;
          }
        });
  }
}
