package io.rolehost.jobs.engine;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks Apache Artemis about its queues by management messages, which it understands in each of its
 * protocols. Of one thread.
 */
public final class ArtemisQueues {

  private static final String ADDRESS = "activemq.management";
  private static final long PATIENCE_MILLIS = 5_000;

  /** More queues than anybody lists. */
  private static final int MOST = 10_000;

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Session session;
  private final MessageProducer requests;
  private final TemporaryQueue answers;
  private final MessageConsumer receiver;

  private ArtemisQueues(Session session) throws JMSException {
    this.session = session;
    this.requests = session.createProducer(session.createQueue(ADDRESS));
    this.answers = session.createTemporaryQueue();
    this.receiver = session.createConsumer(answers);
  }

  /**
   * Returns the queues whose name begins so, by name.
   *
   * @param session not transacted, and used by nobody else meanwhile
   */
  public static List<QueueLook> look(Session session, String prefix) throws JMSException {
    ArtemisQueues queues = new ArtemisQueues(session);
    try {
      return queues.look(prefix);
    } finally {
      queues.receiver.close();
      queues.requests.close();
      queues.answers.delete();
    }
  }

  private List<QueueLook> look(String prefix) throws JMSException {
    String filter =
        JSON.writeValueAsString(Map.of("field", "name", "operation", "CONTAINS", "value", prefix));
    JsonNode listed = ask("broker", "_AMQ_OperationName", "listQueues", filter, 1, MOST);
    List<QueueLook> looks = new ArrayList<>();
    for (JsonNode queue : JSON.readTree(listed.asString("{}")).path("data")) {
      String name = queue.path("name").asString("");
      if (name.startsWith(prefix)
          && !queue.path("temporary").asBoolean(false)
          && !name.startsWith(ADDRESS)
          && !name.startsWith("$")) {
        looks.add(lookAt(name, queue));
      }
    }
    looks.sort(Comparator.comparing(QueueLook::name));
    return looks;
  }

  private QueueLook lookAt(String name, JsonNode queue) throws JMSException {
    long all = queue.path("messageCount").asLong(0);
    long taken = queue.path("deliveringCount").asLong(0);
    long scheduled = queue.path("scheduledCount").asLong(0);
    long waiting = Math.max(0, all - taken - scheduled);
    Optional<Duration> oldest = waiting == 0 ? Optional.empty() : oldest(name);
    return new QueueLook(
        name, waiting, taken, scheduled, queue.path("consumerCount").asInt(0), oldest);
  }

  private Optional<Duration> oldest(String name) throws JMSException {
    JsonNode age = ask("queue." + name, "_AMQ_Attribute", "firstMessageAge");
    return age.isNumber() ? Optional.of(Duration.ofMillis(age.asLong())) : Optional.empty();
  }

  /**
   * Returns the answer; a missing node where there is none, as when a queue went away meanwhile.
   */
  private JsonNode ask(String resource, String kind, String name, Object... arguments)
      throws JMSException {
    Message question =
        arguments.length == 0
            ? session.createMessage()
            : session.createTextMessage(JSON.writeValueAsString(arguments));
    question.setStringProperty("_AMQ_ResourceName", resource);
    question.setStringProperty(kind, name);
    question.setJMSReplyTo(answers);
    requests.send(question);
    Message answer = receiver.receive(PATIENCE_MILLIS);
    if (answer == null) {
      throw new JMSException("The broker did not answer a management request in 5 s");
    }
    boolean answered =
        answer.getBooleanProperty("_AMQ_OperationSucceeded")
            && answer instanceof TextMessage text
            && text.getText() != null;
    return JSON.readTree(answered ? ((TextMessage) answer).getText() : "[]").path(0);
  }
}
