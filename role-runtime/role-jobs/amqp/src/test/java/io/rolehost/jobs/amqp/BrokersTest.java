package io.rolehost.jobs.amqp;

import static io.rolehost.jobs.engine.BrokerKind.ARTEMIS;
import static io.rolehost.jobs.engine.BrokerKind.AUTO;
import static io.rolehost.jobs.engine.BrokerKind.PLAIN;
import static io.rolehost.jobs.engine.BrokerKind.RABBITMQ;
import static io.rolehost.jobs.engine.BrokerKind.SERVICEBUS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.jobs.engine.Capability;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BrokersTest {

  private static final Offer OURS =
      new Offer("apache-activemq-artemis 2.55.0", Set.of("DELAYED_DELIVERY", "ANONYMOUS-RELAY"));
  private static final Offer RABBIT = new Offer("RabbitMQ 4.1.0", Set.of("ANONYMOUS-RELAY"));
  private static final Offer NAMELESS = new Offer("", Set.of());

  @Test
  void kind_nothingSaid_isWhatAddressOrOfferTell() {
    String any = "amqp://broker:5672";
    assertEquals(PLAIN, Brokers.kind(AUTO, any, Optional.empty()));
    assertEquals(ARTEMIS, Brokers.kind(AUTO, any, Optional.of(OURS)));
    assertEquals(RABBITMQ, Brokers.kind(AUTO, any, Optional.of(RABBIT)));
    assertEquals(PLAIN, Brokers.kind(AUTO, any, Optional.of(NAMELESS)));
    assertEquals(
        SERVICEBUS, Brokers.kind(AUTO, "amqps://photos.servicebus.windows.net", Optional.empty()));
    assertEquals(
        SERVICEBUS,
        Brokers.kind(AUTO, "amqps://Photos.ServiceBus.windows.net:5671?x=y", Optional.empty()));
    assertEquals(
        PLAIN, Brokers.kind(AUTO, "amqp://a?b=//x.servicebus.windows.net", Optional.empty()));
  }

  @Test
  void kind_said_wins() {
    assertEquals(PLAIN, Brokers.kind(PLAIN, "amqp://broker", Optional.of(OURS)));
    assertEquals(ARTEMIS, Brokers.kind(ARTEMIS, "amqp://broker", Optional.empty()));
  }

  @Test
  void capabilities_beforeTheFirstConnection_areThoseThatAreSure() {
    assertEquals(
        EnumSet.of(Capability.TRANSACTIONS, Capability.DELIVERY_COUNT, Capability.BROWSE),
        Brokers.capabilities(PLAIN, Optional.empty()));
    assertEquals(EnumSet.allOf(Capability.class), Brokers.capabilities(ARTEMIS, Optional.empty()));
    assertEquals(
        EnumSet.of(
            Capability.TRANSACTIONS,
            Capability.DELIVERY_COUNT,
            Capability.DELAY,
            Capability.BROWSE,
            Capability.SELECTORS),
        Brokers.capabilities(SERVICEBUS, Optional.empty()));
    assertEquals(
        EnumSet.of(Capability.DELIVERY_COUNT), Brokers.capabilities(RABBITMQ, Optional.empty()));
  }

  @Test
  void capabilities_delay_isWhatTheConnectionWasOffered() {
    assertEquals(
        EnumSet.of(
            Capability.TRANSACTIONS,
            Capability.DELIVERY_COUNT,
            Capability.BROWSE,
            Capability.DELAY),
        Brokers.capabilities(PLAIN, Optional.of(OURS)));
    assertEquals(
        EnumSet.complementOf(EnumSet.of(Capability.DELAY)),
        Brokers.capabilities(ARTEMIS, Optional.of(NAMELESS)));
  }

  @Test
  void contradiction_onlyWhereTheBrokerNamesItself() {
    assertEquals(Optional.empty(), Brokers.contradiction(AUTO, RABBIT));
    assertEquals(Optional.empty(), Brokers.contradiction(PLAIN, RABBIT));
    assertEquals(Optional.empty(), Brokers.contradiction(ARTEMIS, OURS));
    assertEquals(Optional.empty(), Brokers.contradiction(SERVICEBUS, NAMELESS));
    assertEquals(
        Optional.of(
            "rolehost.jobs.broker.kind is artemis, but what is there calls itself \"RabbitMQ"
                + " 4.1.0\". Leave the kind out, or set it to rabbitmq"),
        Brokers.contradiction(ARTEMIS, RABBIT));
  }
}
