package io.rolehost.runtime.endpoint;

/** An endpoint can't be opened: the start has failed. The message is a sentence for a person. */
public final class EndpointOpenException extends Exception {
  private static final long serialVersionUID = 1;

  private final String name;
  private final String host;
  private final int port;
  private final boolean portTaken;

  EndpointOpenException(
      String name, String host, int port, boolean portTaken, String message, Throwable cause) {
    super(message, cause);
    this.name = name;
    this.host = host;
    this.port = port;
    this.portTaken = portTaken;
  }

  EndpointOpenException(String name, String host, int port, String message) {
    super(message);
    this.name = name;
    this.host = host;
    this.port = port;
    this.portTaken = false;
  }

  /** Returns the name it is declared under. */
  public String name() {
    return name;
  }

  /** Returns the address that was asked for. */
  public String host() {
    return host;
  }

  /** Returns the port that was asked for. */
  public int port() {
    return port;
  }

  /** Returns whether another process has the port, so that trying again later makes sense. */
  public boolean isPortTaken() {
    return portTaken;
  }
}
