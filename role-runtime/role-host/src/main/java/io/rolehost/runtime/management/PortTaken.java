package io.rolehost.runtime.management;

/** A port of the management plane could not be opened. The message is a sentence for a person. */
public final class PortTaken extends Exception {
  private static final long serialVersionUID = 1;

  private final String host;
  private final int port;

  PortTaken(String host, int port, String sentence, Throwable cause) {
    super(sentence, cause);
    this.host = host;
    this.port = port;
  }

  /** Returns the host part of the address that was tried. */
  public String host() {
    return host;
  }

  /** Returns the port that was tried first. */
  public int port() {
    return port;
  }
}
