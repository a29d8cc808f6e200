package io.rolehost.jobs.artemis;

import io.rolehost.jobs.engine.ArtemisQueues;
import io.rolehost.jobs.engine.BrokerAddress;
import io.rolehost.jobs.engine.BrokerUrl;
import io.rolehost.jobs.engine.Capability;
import io.rolehost.jobs.engine.Engine;
import io.rolehost.jobs.engine.QueueLook;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.api.core.ActiveMQDuplicateIdException;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** Apache Artemis by its own protocol. */
public final class ArtemisEngine implements Engine {

  /** How long the broker may take for an answer, in milliseconds. */
  private static final long CALL_TIMEOUT = 10_000;

  private static final String CONNECT_TIMEOUT = "3000";

  /** Called by {@link java.util.ServiceLoader}. */
  public ArtemisEngine() {}

  @Override
  public String name() {
    return "Apache Artemis";
  }

  @Override
  public Set<String> schemes() {
    return Set.of("tcp", "vm");
  }

  @Override
  public Set<Capability> capabilities(BrokerAddress address) {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public ConnectionFactory connections(BrokerAddress address) throws JMSException {
    ActiveMQConnectionFactory factory;
    try {
      factory = new ActiveMQConnectionFactory(quiet(address.url()));
    } catch (RuntimeException malformed) {
      JMSException problem = new JMSException("Not a URL of Artemis: " + address.shown());
      problem.initCause(malformed);
      throw problem;
    }
    if (!address.user().isEmpty()) {
      factory.setUser(address.user());
      factory.setPassword(address.password());
    }
    // One message at a time: else a slow slot sits on messages that a free one could have, and
    // priorities and groups are judged too early.
    factory.setConsumerWindowSize(0);
    factory.setReconnectAttempts(0);
    factory.setInitialConnectAttempts(1);
    factory.setCallTimeout(CALL_TIMEOUT);
    factory.setConnectionTTL(address.lostAfter().toMillis());
    // The client pings as often, and also finds a silent broker by it.
    factory.setClientFailureCheckPeriod(Math.max(250, address.lostAfter().toMillis() / 2));
    factory.setBlockOnDurableSend(true);
    factory.setUseTopologyForLoadBalancing(false);
    return factory;
  }

  /**
   * The addresses in the form that the client wants, with what the URL does not say. Netty's native
   * transport would load a library, of which the JVM warns.
   */
  static String quiet(String url) {
    if (BrokerAddress.schemeOf(url).equals("vm")) {
      return url;
    }
    List<BrokerUrl> all =
        BrokerUrl.all(
            url,
            Map.of(
                "useEpoll",
                "false",
                "useKQueue",
                "false",
                "connect-timeout-millis",
                CONNECT_TIMEOUT));
    String list = all.stream().map(BrokerUrl::text).collect(Collectors.joining(","));
    return all.size() == 1 ? list : "(" + list + ")";
  }

  @Override
  public void setDedupKey(Message message, String key) throws JMSException {
    message.setStringProperty(
        org.apache.activemq.artemis.api.core.Message.HDR_DUPLICATE_DETECTION_ID.toString(), key);
  }

  @Override
  public boolean isDuplicate(JMSException failure) {
    return failure.getCause() instanceof ActiveMQDuplicateIdException;
  }

  @Override
  public List<QueueLook> queues(Session session, String prefix) throws JMSException {
    return ArtemisQueues.look(session, prefix);
  }
}
