package com.microsoft.windowsazure.serviceruntime;

import java.net.InetSocketAddress;
import java.util.Locale;

/** Where an instance listens. */
public final class RoleInstanceEndpoint {
  private static final String SPELLING = "serviceruntime.protocol-names";

  private final RoleInstance instance;
  private final String protocol;
  private final InetSocketAddress address;

  RoleInstanceEndpoint(RoleInstance instance, String protocol, InetSocketAddress address) {
    this.instance = instance;
    this.protocol = protocol;
    this.address = address;
  }

  /** Returns whose it is. */
  public RoleInstance getRoleInstance() {
    return instance;
  }

  /**
   * Returns its protocol: as the library of old spelled it, such as {@code TCP} and {@code
   * WCF_TCP}; with the system property {@code serviceruntime.protocol-names = definition} as the
   * service definition does, such as {@code tcp} and {@code wcf:tcp}.
   */
  public String getProtocol() {
    return "definition".equals(System.getProperty(SPELLING))
        ? protocol
        : protocol.toUpperCase(Locale.ROOT).replace(':', '_');
  }

  /** Returns its address and port. */
  public InetSocketAddress getIpEndPoint() {
    return address;
  }

  boolean isLike(RoleInstanceEndpoint other) {
    return protocol.equals(other.protocol) && address.equals(other.address);
  }
}
