package io.rolehost.jobs.engine;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/**
 * Where a broker is and who may enter.
 *
 * @param url of the engine, with parameters of its own
 * @param user empty where the broker asks for none
 * @param password never shown
 * @param lostAfter how long a receiver may be silent before what it took goes to another
 * @param kind what somebody said that it is
 */
public record BrokerAddress(
    String url, String user, String password, Duration lostAfter, BrokerKind kind) {

  /** An address of which its engine knows what is there. */
  public BrokerAddress(String url, String user, String password, Duration lostAfter) {
    this(url, user, password, lostAfter, BrokerKind.AUTO);
  }

  /**
   * Returns the part before the colon, in lower case.
   *
   * @throws IllegalArgumentException if there is none
   */
  public String scheme() {
    return schemeOf(url);
  }

  /** Returns the scheme of a URL, in lower case; also of one with a list of hosts in brackets. */
  public static String schemeOf(String url) {
    String plain = url.startsWith("(") ? url.substring(1) : url;
    int colon = plain.indexOf(':');
    if (colon < 1 || !plain.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*")) {
      throw new IllegalArgumentException(
          "A broker's URL begins with a scheme, such as tcp://host:61616, was \""
              + shown(url)
              + "\"");
    }
    return plain.substring(0, colon).toLowerCase(Locale.ROOT);
  }

  /** Returns the URL without parameters and without a password, for messages. */
  public String shown() {
    return shown(url);
  }

  /** Returns a URL as {@link #shown()} does. */
  public static String shown(String url) {
    String plain = url.indexOf('?') < 0 ? url : url.substring(0, url.indexOf('?'));
    try {
      URI uri = URI.create(plain);
      return uri.getUserInfo() == null ? plain : plain.replace(uri.getRawUserInfo() + "@", "");
    } catch (IllegalArgumentException e) {
      return plain;
    }
  }

  @Override
  public String toString() {
    return shown();
  }
}
