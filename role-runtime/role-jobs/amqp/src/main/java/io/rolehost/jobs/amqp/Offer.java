package io.rolehost.jobs.amqp;

import io.rolehost.jobs.engine.BrokerKind;
import java.util.Locale;
import java.util.Set;

/**
 * What a broker says of itself when a connection is opened.
 *
 * @param product its name and version; empty if it does not say
 * @param features by their names in AMQP, in upper case
 */
record Offer(String product, Set<String> features) {

  /** Returns what it is, as far as its name tells. Pure. */
  BrokerKind kind() {
    String name = product.toLowerCase(Locale.ROOT);
    if (name.contains("artemis")) {
      return BrokerKind.ARTEMIS;
    }
    return name.startsWith("rabbitmq") ? BrokerKind.RABBITMQ : BrokerKind.PLAIN;
  }

  boolean delays() {
    return features.contains("DELAYED_DELIVERY");
  }
}
