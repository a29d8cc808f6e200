package io.rolehost.jobs.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.engine.Engine;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A letter as a Jakarta message, and back. Messages of others are read too: a text or bytes of
 * JSON, the type in {@code JMSType}.
 */
final class Wire {

  static final String ID = "rh_id";
  static final String REASON = "rh_reason";
  static final String BURIED_AT = "rh_dead_at";
  static final String ERROR = "rh_error";
  static final String CAME_FROM = "rh_queue";

  private static final String ENQUEUED = "rh_at";
  private static final String ATTEMPTS = "rh_attempts";
  private static final String HISTORY = "rh_history";
  private static final String HEADERS = "rh_headers";
  private static final String TRACKED = "rh_tracked";
  private static final String PRIORITY = "rh_priority";
  private static final String SENDER = "rh_sender";
  private static final String NUMBER = "rh_number";
  private static final String GROUP = "JMSXGroupID";
  private static final String DELIVERIES = "JMSXDeliveryCount";

  private Wire() {}

  static Message write(Session session, Engine engine, Letter letter) throws JMSException {
    BytesMessage message = session.createBytesMessage();
    message.writeBytes(letter.body());
    message.setJMSType(letter.type());
    message.setStringProperty(ID, letter.id().value());
    if (!letter.correlationId().equals(letter.id().value())) {
      message.setJMSCorrelationID(letter.correlationId());
    }
    if (letter.replyTo().isPresent()) {
      message.setJMSReplyTo(session.createQueue(letter.replyTo().get()));
    }
    if (letter.group().isPresent()) {
      engine.setGroup(message, letter.group().get());
    }
    if (letter.order().isPresent()) {
      message.setStringProperty(SENDER, letter.order().get().sender());
      message.setLongProperty(NUMBER, letter.order().get().number());
    }
    if (letter.enqueuedAt() > 0) {
      message.setLongProperty(ENQUEUED, letter.enqueuedAt());
    }
    if (letter.attempts() > 0) {
      message.setIntProperty(ATTEMPTS, letter.attempts());
    }
    if (!letter.history().isEmpty()) {
      message.setStringProperty(HISTORY, Payloads.text(letter.history()));
    }
    if (!letter.headers().isEmpty()) {
      message.setStringProperty(HEADERS, Payloads.text(letter.headers()));
    }
    if (letter.tracked()) {
      message.setBooleanProperty(TRACKED, true);
    }
    return message;
  }

  /** Has a message go before all others and keep its own priority all the same. */
  static void ahead(Message message, int ownPriority) throws JMSException {
    message.setIntProperty(PRIORITY, ownPriority);
  }

  static Letter read(Message message) throws JMSException {
    JobId id = id(message);
    Extras extras = Extras.of(message);
    String correlation = message.getJMSCorrelationID();
    Number attempts = extras.number(ATTEMPTS, 0);
    String sender = extras.text(SENDER);
    return new Letter(
        id,
        type(message),
        body(message),
        extras.headers,
        correlation == null ? id.value() : correlation,
        replyTo(message),
        Optional.ofNullable(extras.text(GROUP)),
        extras.number(PRIORITY, message.getJMSPriority()).intValue(),
        extras.number(ENQUEUED, message.getJMSTimestamp()).longValue(),
        attempts.intValue(),
        extras.history,
        extras.values.containsKey(TRACKED),
        sender == null
            ? Optional.empty()
            : Optional.of(new Letter.Order(sender, extras.number(NUMBER, 0).longValue())));
  }

  /** Returns how often a message was handed out, this time included; 1 where nobody counts. */
  static int deliveries(Message message) throws JMSException {
    if (message.propertyExists(DELIVERIES)) {
      return Math.max(1, message.getIntProperty(DELIVERIES));
    }
    return message.getJMSRedelivered() ? 2 : 1;
  }

  static String type(Message message) throws JMSException {
    String type = message.getJMSType();
    return type == null ? "" : type;
  }

  /** A message of somebody else has the id that its broker gave it. */
  private static JobId id(Message message) throws JMSException {
    String own = message.getStringProperty(ID);
    if (own == null) {
      own = message.getJMSMessageID();
    }
    if (own == null) {
      return new JobId(UUID.randomUUID().toString());
    }
    try {
      return new JobId(own);
    } catch (IllegalArgumentException foreign) {
      return new JobId(UUID.nameUUIDFromBytes(own.getBytes(UTF_8)).toString());
    }
  }

  private static byte[] body(Message message) throws JMSException {
    return switch (message) {
      case BytesMessage bytes -> {
        byte[] body = new byte[Math.toIntExact(bytes.getBodyLength())];
        bytes.reset();
        int _ = bytes.readBytes(body);
        yield body;
      }
      case TextMessage text -> {
        String body = text.getText();
        yield body == null ? new byte[0] : body.getBytes(UTF_8);
      }
      default -> new byte[0];
    };
  }

  private static Optional<String> replyTo(Message message) throws JMSException {
    return message.getJMSReplyTo() instanceof Queue queue
        ? Optional.of(queue.getQueueName())
        : Optional.empty();
  }

  /** What stands beside the body, read in one go. */
  private static final class Extras {

    final Map<String, Object> values = new HashMap<>();
    final Map<String, String> headers;
    final List<Failure> history;

    private Extras(Message message) throws JMSException {
      Map<String, String> found = Map.of();
      for (Enumeration<?> names = message.getPropertyNames(); names.hasMoreElements(); ) {
        String name = (String) names.nextElement();
        if (name.startsWith("rh_") || name.equals(GROUP)) {
          values.put(name, message.getObjectProperty(name));
        } else if (!name.startsWith("JMS") && !name.startsWith("_")) {
          if (found.isEmpty()) {
            found = new HashMap<>();
          }
          found.put(name, String.valueOf(message.getObjectProperty(name)));
        }
      }
      String written = text(HEADERS);
      if (written != null) {
        Map<String, String> both = new HashMap<>(found);
        both.putAll(Payloads.headers(written));
        found = both;
      }
      headers = Map.copyOf(found);
      String failures = text(HISTORY);
      history = failures == null ? List.of() : new ArrayList<>(Payloads.history(failures));
    }

    static Extras of(Message message) throws JMSException {
      return new Extras(message);
    }

    @Nullable String text(String name) {
      return values.get(name) instanceof String text ? text : null;
    }

    Number number(String name, Number otherwise) {
      return values.get(name) instanceof Number number ? number : otherwise;
    }
  }
}
