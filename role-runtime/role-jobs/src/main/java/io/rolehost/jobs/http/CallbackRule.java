package io.rolehost.jobs.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** Who may be called back. Pure. */
final class CallbackRule {

  private final List<String> hosts;

  CallbackRule(List<String> hosts) {
    this.hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
  }

  /**
   * Reads the URL of a callback.
   *
   * @throws IllegalArgumentException saying why it will not be called
   */
  URI check(String url) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("The callback is no URL: " + e.getMessage(), e);
    }
    String scheme = uri.getScheme();
    boolean http = "https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme);
    if (!http || uri.getHost() == null || uri.getUserInfo() != null || url.length() > 2000) {
      throw new IllegalArgumentException(
          "A callback is a URL of http or https with a host and no user, up to 2000 characters");
    }
    if (!isNamed(uri) && !isMatched(uri)) {
      throw new IllegalArgumentException(
          "The host "
              + uri.getHost()
              + " may not be called back here; rolehost.jobs.http.callback-hosts lists those that"
              + " may");
    }
    return uri;
  }

  /** Returns whether the settings name this very host, which may then be anywhere. */
  boolean isNamed(URI uri) {
    return hosts.contains(host(uri));
  }

  private boolean isMatched(URI uri) {
    return hosts.stream()
        .anyMatch(host ->
            host.equals("*") || (host.startsWith("*.") && host(uri).endsWith(host.substring(1))));
  }

  private static String host(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** Returns whether an address is of the open Internet, and so of none of our own machines. */
  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean ula = address instanceof Inet6Address && (bytes[0] & 0xfe) == 0xfc; // RFC 4193
    boolean carrier = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64; // RFC 6598
    boolean thisNetwork = bytes.length == 4 && bytes[0] == 0; // RFC 1122, 3.2.1.3
    // NAT64 and 6to4 carry an address of the other kind inside (RFC 6052, RFC 3056).
    boolean carries =
        address instanceof Inet6Address
            && ((bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == (byte) 0xff)
                || (bytes[0] == 0x20 && bytes[1] == 0x02));
    return !(address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || ula
        || carrier
        || thisNetwork
        || carries);
  }
}
