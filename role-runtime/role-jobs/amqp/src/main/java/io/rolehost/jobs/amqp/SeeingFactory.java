package io.rolehost.jobs.amqp;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.provider.Provider;
import org.apache.qpid.jms.provider.amqp.AmqpProvider;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.engine.Connection;
import org.jspecify.annotations.Nullable;

/** Makes one connection, and tells what the broker said of itself, which Jakarta's API does not. */
final class SeeingFactory extends JmsConnectionFactory {

  private @Nullable AmqpProvider provider;

  SeeingFactory(URI uri) {
    super(uri);
  }

  @Override
  protected Provider createProvider(URI uri) throws Exception {
    Provider made = super.createProvider(uri);
    if (made instanceof AmqpProvider amqp) {
      provider = amqp;
    }
    return made;
  }

  /** Returns what the connection was offered; nothing before there is one. */
  Offer offer() {
    AmqpProvider used = provider;
    Connection connection = used == null ? null : used.getProtonConnection();
    if (connection == null) {
      return new Offer("", Set.of());
    }
    Set<String> features = new TreeSet<>();
    Symbol @Nullable [] offered = connection.getRemoteOfferedCapabilities();
    if (offered != null) {
      for (Symbol feature : offered) {
        features.add(feature.toString().toUpperCase(Locale.ROOT));
      }
    }
    return new Offer(product(connection.getRemoteProperties()), Set.copyOf(features));
  }

  private static String product(@Nullable Map<Symbol, Object> properties) {
    if (properties == null) {
      return "";
    }
    Object product = properties.get(Symbol.valueOf("product"));
    Object version = properties.get(Symbol.valueOf("version"));
    return product == null ? "" : version == null ? "" + product : product + " " + version;
  }
}
