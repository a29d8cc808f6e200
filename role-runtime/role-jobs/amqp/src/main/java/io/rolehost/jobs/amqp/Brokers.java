package io.rolehost.jobs.amqp;

import io.rolehost.jobs.engine.BrokerKind;
import io.rolehost.jobs.engine.Capability;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What is known of brokers that speak AMQP 1.0. Pure. */
final class Brokers {

  /** Its hosts, in the public and in the national clouds. */
  private static final Pattern AZURE =
      Pattern.compile(
          "\\.servicebus\\.(windows\\.net|usgovcloudapi\\.net|chinacloudapi\\.cn)(:\\d+)?/?([,)]|$)");

  private Brokers() {}

  /** Returns what is at an address: as somebody said, else as its name or its offer tells. */
  static BrokerKind kind(BrokerKind said, String url, Optional<Offer> offer) {
    if (said != BrokerKind.AUTO) {
      return said;
    }
    if (AZURE.matcher(AmqpUrl.shown(url).toLowerCase(Locale.ROOT)).find()) {
      return BrokerKind.SERVICEBUS;
    }
    return offer.map(Offer::kind).orElse(BrokerKind.PLAIN);
  }

  /**
   * Returns what a broker can do.
   *
   * @param offer empty before the first connection
   */
  static Set<Capability> capabilities(BrokerKind kind, Optional<Offer> offer) {
    EnumSet<Capability> has =
        switch (kind) {
          case ARTEMIS -> EnumSet.allOf(Capability.class);
          // Its premium tier. Sessions and duplicate detection are there, but not for Jakarta
          // Messaging.
          case SERVICEBUS ->
              EnumSet.of(
                  Capability.TRANSACTIONS,
                  Capability.DELIVERY_COUNT,
                  Capability.DELAY,
                  Capability.BROWSE,
                  Capability.SELECTORS);
          // Version 4 has no transactions by AMQP 1.0; version 3 breaks the connection off.
          case RABBITMQ -> EnumSet.of(Capability.DELIVERY_COUNT);
          // What the protocol itself has. A selector is a filter that a broker may leave aside
          // without a word, so nothing is built on it.
          case AUTO, PLAIN ->
              EnumSet.of(Capability.TRANSACTIONS, Capability.DELIVERY_COUNT, Capability.BROWSE);
        };
    if (offer.isPresent()) {
      if (!offer.get().delays()) {
        has.remove(Capability.DELAY);
      } else if (kind == BrokerKind.PLAIN || kind == BrokerKind.AUTO) {
        has.add(Capability.DELAY);
      }
    }
    return Collections.unmodifiableSet(has);
  }

  /** Returns what is wrong if a broker says that it is another than somebody said. */
  static Optional<String> contradiction(BrokerKind said, Offer offer) {
    BrokerKind is = offer.kind();
    boolean agrees =
        said == BrokerKind.AUTO
            || said == BrokerKind.PLAIN
            || said == is
            || (is == BrokerKind.PLAIN && offer.product().isEmpty());
    return agrees
        ? Optional.empty()
        : Optional.of(
            "rolehost.jobs.broker.kind is "
                + said.name().toLowerCase(Locale.ROOT)
                + ", but what is there calls itself \""
                + offer.product()
                + "\". Leave the kind out, or set it to "
                + is.name().toLowerCase(Locale.ROOT));
  }
}
