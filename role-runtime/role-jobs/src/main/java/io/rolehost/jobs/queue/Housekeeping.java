package io.rolehost.jobs.queue;

import io.rolehost.jobs.engine.QueueLook;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is done to queues from time to time. Safe for all threads. */
final class Housekeeping {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long RECEIVE_MILLIS = 200;
  private static final int MOST = 10_000;

  private final Parts parts;

  Housekeeping(Parts parts) {
    this.parts = parts;
  }

  List<QueueLook> look(String prefix) {
    return Conversation.with(
        parts.link(), PATIENCE, false, session -> parts.engine().queues(session, prefix));
  }

  /**
   * Brings back those of the parked messages of a queue whose type is known now.
   *
   * @return how many
   */
  int unpark(QueueWork work) {
    Set<String> types = new TreeSet<>(work.types());
    if (types.isEmpty()) {
      return 0;
    }
    String selector =
        types.stream()
            .map(type -> "'" + type.replace("'", "''") + "'")
            .collect(Collectors.joining(", ", "JMSType IN (", ")"));
    return Conversation.with(
        parts.link(), PATIENCE, true, session -> unpark(session, work.queue(), selector));
  }

  private int unpark(Session session, String queue, String selector) throws JMSException {
    int count = 0;
    try (MessageProducer producer = session.createProducer(session.createQueue(queue));
        MessageConsumer consumer =
            session.createConsumer(session.createQueue(QueueName.parked(queue)), selector)) {
      @Nullable Message message = consumer.receive(RECEIVE_MILLIS);
      while (message != null && count < MOST) {
        Letter letter = Wire.read(message);
        producer.send(
            Wire.write(session, parts.engine(), letter),
            DeliveryMode.PERSISTENT,
            letter.priority(),
            Message.DEFAULT_TIME_TO_LIVE);
        session.commit();
        count++;
        message = consumer.receive(RECEIVE_MILLIS);
      }
    }
    return count;
  }
}
