package io.rolehost.jobs.amqp;

import io.rolehost.jobs.engine.ArtemisQueues;
import io.rolehost.jobs.engine.BrokerAddress;
import io.rolehost.jobs.engine.BrokerKind;
import io.rolehost.jobs.engine.Capability;
import io.rolehost.jobs.engine.Engine;
import io.rolehost.jobs.engine.QueueLook;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.lang.System.Logger.Level;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Brokers that speak AMQP 1.0, by Qpid JMS. */
public final class AmqpEngine implements Engine {

  private static final System.Logger LOG = System.getLogger(AmqpEngine.class.getName());

  private final Map<String, Offer> offers = new ConcurrentHashMap<>();

  /** Called by {@link java.util.ServiceLoader}. */
  public AmqpEngine() {}

  @Override
  public String name() {
    return "the AMQP broker";
  }

  @Override
  public Set<String> schemes() {
    return Set.of("amqp", "amqps");
  }

  @Override
  public Set<Capability> capabilities(BrokerAddress address) {
    return new AbstractSet<>() {
      @Override
      public Iterator<Capability> iterator() {
        return now(address).iterator();
      }

      @Override
      public boolean contains(Object capability) {
        return now(address).contains(capability);
      }

      @Override
      public int size() {
        return now(address).size();
      }
    };
  }

  private Set<Capability> now(BrokerAddress address) {
    Optional<Offer> offer = Optional.ofNullable(offers.get(address.url()));
    return Brokers.capabilities(Brokers.kind(address.kind(), address.url(), offer), offer);
  }

  @Override
  public ConnectionFactory connections(BrokerAddress address) throws JMSException {
    try {
      return new AmqpConnections(
          address,
          AmqpUrl.addresses(address.url(), address.lostAfter()),
          offer -> seen(address, offer));
    } catch (IllegalArgumentException malformed) {
      JMSException problem = new JMSException(malformed.getMessage());
      problem.initCause(malformed);
      throw problem;
    }
  }

  private void seen(BrokerAddress address, Offer offer) {
    if (!offer.equals(offers.put(address.url(), offer))) {
      BrokerKind kind = Brokers.kind(address.kind(), address.url(), Optional.of(offer));
      LOG.log(
          Level.INFO,
          "The broker at {0} says it is \"{1}\", and is used as {2}: {3}",
          AmqpUrl.shown(address.url()),
          offer.product(),
          kind,
          now(address));
    }
  }

  @Override
  public void setDedupKey(Message message, String key) throws JMSException {
    // Read by Artemis, the only one of them that has DEDUP.
    message.setStringProperty("_AMQ_DUPL_ID", key);
  }

  @Override
  public List<QueueLook> queues(Session session, String prefix) throws JMSException {
    // Asked only where it has QUEUE_FACTS or PREFIX, which of them Artemis alone has.
    return ArtemisQueues.look(session, prefix);
  }
}
