package io.rolehost.jobs.amqp;

import io.rolehost.jobs.engine.BrokerAddress;
import io.rolehost.jobs.engine.BrokerKind;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.qpid.jms.JmsConnectionExtensions;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first of some addresses that answers, and reads what the broker offers. Which one
 * it was does not matter later: a connection that is lost is made anew from the first address on.
 */
final class AmqpConnections implements ConnectionFactory {

  /** Asks Azure Service Bus for the semantics of Jakarta Messaging. */
  private static final Map<String, Object> AZURE_OPEN =
      Map.of("com.microsoft:is-client-provider", true);

  private final BrokerAddress address;
  private final List<URI> uris;
  private final Consumer<Offer> seen;

  /**
   * Connects to nothing yet.
   *
   * @param seen is told what a broker offers, at each connection
   */
  AmqpConnections(BrokerAddress address, List<URI> uris, Consumer<Offer> seen) {
    this.address = address;
    this.uris = uris;
    this.seen = seen;
  }

  @Override
  public Connection createConnection() throws JMSException {
    return createConnection(address.user(), address.password());
  }

  @Override
  public Connection createConnection(String user, String password) throws JMSException {
    @Nullable JMSException failure = null;
    for (URI uri : uris) {
      try {
        return connect(uri, user, password);
      } catch (JMSException e) {
        JMSException told =
            new JMSException(uri.getRawAuthority() + ": " + e.getMessage(), e.getErrorCode());
        told.initCause(e);
        if (failure != null) {
          told.addSuppressed(failure);
        }
        failure = told;
      }
    }
    throw failure == null ? new JMSException("no address") : failure;
  }

  private Connection connect(URI uri, String user, String password) throws JMSException {
    SeeingFactory factory = new SeeingFactory(uri);
    if (Brokers.kind(address.kind(), address.url(), Optional.empty()) == BrokerKind.SERVICEBUS) {
      factory.setExtension(
          JmsConnectionExtensions.AMQP_OPEN_PROPERTIES.toString(),
          (connection, remote) -> AZURE_OPEN);
    }
    Connection connection =
        user.isEmpty()
            ? ((JmsConnectionFactory) factory).createConnection()
            : factory.createConnection(user, password);
    Offer offer = factory.offer();
    Optional<String> wrong = Brokers.contradiction(address.kind(), offer);
    if (wrong.isPresent()) {
      connection.close();
      throw new JMSException(wrong.get());
    }
    seen.accept(offer);
    return connection;
  }

  @Override
  public JMSContext createContext() {
    throw contexts();
  }

  @Override
  public JMSContext createContext(String user, String password) {
    throw contexts();
  }

  @Override
  public JMSContext createContext(String user, String password, int mode) {
    throw contexts();
  }

  @Override
  public JMSContext createContext(int mode) {
    throw contexts();
  }

  private static UnsupportedOperationException contexts() {
    return new UnsupportedOperationException("Background work uses connections and sessions");
  }
}
