package io.rolehost.runtime.endpoint;

import io.rolehost.runtime.process.PortHolder;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** An endpoint can't be opened: the start has failed. The message is a sentence for a person. */
public final class EndpointOpenException extends Exception {
  private static final long serialVersionUID = 1;

  private final String name;
  private final String host;
  private final int port;
  private final boolean portTaken;

  EndpointOpenException(
      String name,
      String host,
      int port,
      boolean portTaken,
      String message,
      @Nullable Throwable cause) {
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

  /**
   * Returns the exception for a port that another process has; the sentence says which, where that
   * can be known.
   */
  public static EndpointOpenException portTaken(
      String name, String host, int port, @Nullable Throwable cause) {
    OptionalLong holder = PortHolder.of(port);
    String sentence =
        "Endpoint "
            + name
            + " can't listen on "
            + host
            + ":"
            + port
            + ": the port is taken"
            + (holder.isPresent() ? " by the process with pid " + holder.getAsLong() : "")
            + ". End that process or set another rolehost.endpoints."
            + name
            + ".port.";
    return new EndpointOpenException(name, host, port, true, sentence, cause);
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
