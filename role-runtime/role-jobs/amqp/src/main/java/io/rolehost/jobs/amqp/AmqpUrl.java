package io.rolehost.jobs.amqp;

import io.rolehost.jobs.engine.BrokerUrl;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The addresses of one broker as Qpid JMS wants them. Pure. */
final class AmqpUrl {

  private static final Set<String> SCHEMES = Set.of("amqp", "amqps");

  private AmqpUrl() {}

  /**
   * Returns the addresses of a URL, each with its settings; what the URL sets wins over what is set
   * here.
   *
   * @throws IllegalArgumentException if it is none
   */
  static List<URI> addresses(String url, Duration lostAfter) {
    List<URI> addresses = new ArrayList<>();
    for (BrokerUrl one : BrokerUrl.all(url, settings(lostAfter))) {
      URI place = URI.create(one.place());
      String scheme = String.valueOf(place.getScheme()).toLowerCase(Locale.ROOT);
      if (!SCHEMES.contains(scheme) || place.getHost() == null) {
        throw wrong(one, "it needs amqp:// or amqps:// and a host");
      }
      if (place.getUserInfo() != null) {
        throw wrong(
            one, "user and password belong into rolehost.jobs.broker.user and password-file");
      }
      addresses.add(URI.create(one.text()));
    }
    return List.copyOf(addresses);
  }

  private static IllegalArgumentException wrong(BrokerUrl url, String why) {
    return new IllegalArgumentException(
        "Not the URL of an AMQP broker: " + shown(url.place()) + "; " + why);
  }

  private static Map<String, String> settings(Duration lostAfter) {
    Map<String, String> settings = new LinkedHashMap<>();
    // One message at a time: else a slow slot sits on messages that a free one could have.
    settings.put("jms.prefetchPolicy.all", "0");
    // Opens at once, so that what the broker offers is known.
    settings.put("jms.awaitClientID", "false");
    settings.put("jms.connectTimeout", "10000");
    settings.put("jms.requestTimeout", "10000");
    settings.put("jms.sendTimeout", "10000");
    settings.put("jms.closeTimeout", "5000");
    settings.put("amqp.drainTimeout", "10000");
    settings.put("amqp.idleTimeout", Long.toString(lostAfter.toMillis()));
    settings.put("transport.connectTimeout", "3000");
    // Netty's native transport would load a library, of which the JVM warns.
    settings.put("transport.useEpoll", "false");
    settings.put("transport.useKQueue", "false");
    return settings;
  }

  /** Without settings, among which passwords may be, and without what stands before an at sign. */
  static String shown(String url) {
    return url.replaceAll("\\?[^,)]*", "").replaceAll("//[^@/,]*@", "//");
  }
}
