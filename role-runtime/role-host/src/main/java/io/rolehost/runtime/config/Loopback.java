package io.rolehost.runtime.config;

import java.net.InetAddress;

/** Which hosts to listen at are this machine's alone: pure, so no name server is asked. */
public final class Loopback {

  private Loopback() {}

  /** Returns whether it is a loopback address or {@code localhost}. */
  public static boolean is(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException name) {
      return false;
    }
  }

  /**
   * Returns what is wrong with listening there.
   *
   * @param host that was set
   */
  public static String tooOpen(String host) {
    return "the management plane would listen beyond this machine ("
        + host
        + ") with neither TLS nor a token that anybody could know: set rolehost.management.tls {"
        + " certificate, key }, or a token (rolehost.management.token-file, operate-token-file or"
        + " read-token-file), or listen at 127.0.0.1";
  }
}
