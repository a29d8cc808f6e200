package io.rolehost.jobs.amqp;

import static io.rolehost.jobs.Triggers.queue;
import static io.rolehost.jobs.Triggers.queues;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.artemis.QueueEngineContract;
import io.rolehost.jobs.engine.BrokerKind;
import io.rolehost.jobs.queue.JobQueues;
import io.rolehost.jobs.queue.Selection;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Artemis by AMQP 1.0, which it takes on the same port. */
final class AmqpOnArtemisTest extends QueueEngineContract {

  @Override
  protected String url(int port) {
    return "amqp://127.0.0.1:" + port;
  }

  /**
   * When a connection of AMQP breaks off, Artemis 2.55 closes the consumer from two threads: as
   * failed, which counts, and as closed, which does not. About every third is not counted.
   */
  @Override
  protected int cutsUntilCounted() {
    return 30;
  }

  private static void assertNames(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void plain_whatOnlySomeBrokersHave_isRefusedNamingNeedBrokerAndWayOut() {
    JobQueues plain = queuesAs(BrokerKind.PLAIN);
    assertNames(
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class,
                    () -> plain.send("photos", new Photo("a", 1)).priority(9).submit())
                .getMessage()),
        "\"photos\" needs [PRIORITY]",
        "the AMQP broker",
        "rolehost.jobs.broker.kind");
    assertNames(
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class,
                    () -> plain.on(queues("tenant."), Photo.class, (photo, job) -> {}))
                .getMessage()),
        "\"tenant.*\" needs [PREFIX]",
        "rolehost.jobs.broker.kind");
    assertNames(
        String.valueOf(
            assertThrows(
                    UnsupportedOperationException.class,
                    () ->
                        plain.deadLetters().delete("photos", new Selection.All(), Instant.now(), 9))
                .getMessage()),
        "SELECTORS");
  }

  @Test
  void rabbitmq_handler_isRefusedForWantOfTransactions() {
    JobQueues rabbit = queuesAs(BrokerKind.RABBITMQ);
    assertNames(
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class,
                    () -> rabbit.on(queue("photos"), Photo.class, (photo, job) -> {}))
                .getMessage()),
        "\"photos\" needs [TRANSACTIONS]");
  }

  @Test
  void kind_brokerSaysItIsAnother_isToldAtTheFirstSend() {
    JobQueues wrong = queuesAs(BrokerKind.SERVICEBUS);
    assertNames(
        String.valueOf(
            assertThrows(
                    JobsUnavailableException.class,
                    () -> {
                      JobId _ = wrong.send("photos", new Photo("a", 1)).submit();
                    })
                .getMessage()),
        "rolehost.jobs.broker.kind is servicebus",
        "apache-activemq-artemis",
        "artemis");
  }
}
