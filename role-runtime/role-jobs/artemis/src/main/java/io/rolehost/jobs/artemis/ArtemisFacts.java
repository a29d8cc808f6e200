package io.rolehost.jobs.artemis;

import io.rolehost.jobs.engine.QueueLook;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.management.ResourceNames;
import org.apache.activemq.artemis.api.jms.management.JMSManagementHelper;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the broker by its management messages. */
final class ArtemisFacts {

  private static final String ADDRESS = "activemq.management";
  private static final long PATIENCE_MILLIS = 5_000;

  /** More queues than anybody lists. */
  private static final int MOST = 10_000;

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Session session;
  private final MessageProducer requests;
  private final TemporaryQueue answers;
  private final MessageConsumer receiver;

  private ArtemisFacts(Session session) throws JMSException {
    this.session = session;
    this.requests = session.createProducer(session.createQueue(ADDRESS));
    this.answers = session.createTemporaryQueue();
    this.receiver = session.createConsumer(answers);
  }

  static List<QueueLook> queues(Session session, String prefix) throws JMSException {
    ArtemisFacts facts = new ArtemisFacts(session);
    try {
      return facts.look(prefix);
    } finally {
      facts.receiver.close();
      facts.requests.close();
      facts.answers.delete();
    }
  }

  private List<QueueLook> look(String prefix) throws JMSException {
    String filter =
        JSON.writeValueAsString(
            java.util.Map.of("field", "name", "operation", "CONTAINS", "value", prefix));
    Object listed = ask(ResourceNames.BROKER, "listQueues", filter, 1, MOST);
    List<QueueLook> looks = new ArrayList<>();
    for (JsonNode queue : JSON.readTree(String.valueOf(listed)).path("data")) {
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
    Message question = session.createMessage();
    JMSManagementHelper.putAttribute(question, ResourceNames.QUEUE + name, "firstMessageAge");
    return answer(question) instanceof Number millis
        ? Optional.of(Duration.ofMillis(millis.longValue()))
        : Optional.empty();
  }

  private @Nullable Object ask(String resource, String operation, Object... arguments)
      throws JMSException {
    Message question = session.createMessage();
    JMSManagementHelper.putOperationInvocation(question, resource, operation, arguments);
    return answer(question);
  }

  private @Nullable Object answer(Message question) throws JMSException {
    question.setJMSReplyTo(answers);
    requests.send(question);
    Message answer = receiver.receive(PATIENCE_MILLIS);
    if (answer == null) {
      throw new JMSException("The broker did not answer a management request in 5 s");
    }
    if (!JMSManagementHelper.hasOperationSucceeded(answer)) {
      return null; // the queue went away meanwhile
    }
    try {
      return JMSManagementHelper.getResult(answer);
    } catch (JMSException e) {
      throw e;
    } catch (Exception e) {
      JMSException problem = new JMSException("The broker's answer can't be read");
      problem.initCause(e);
      throw problem;
    }
  }
}
