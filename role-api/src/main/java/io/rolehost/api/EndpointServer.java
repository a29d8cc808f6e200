package io.rolehost.api;

/**
 * A server that the role brings. The host calls the methods in the order {@link #open}, {@link
 * #drain}, {@link #close}, each at most once; {@link #inFlight} and {@link #isListening} are asked
 * at any time between.
 */
public interface EndpointServer {

  /**
   * Binds and accepts. Called after {@code onApplicationStart}.
   *
   * @return the port really bound
   * @throws Exception if it can't be bound: the start has failed
   */
  int open(String host, int port) throws Exception;

  /**
   * Goes on serving, and asks clients to leave (for HTTP/1.1 by {@code Connection: close}). Returns
   * at once. Does nothing unless overridden.
   */
  default void drain() {}

  /**
   * Returns how many requests are being served now, at once. Asked each second, and every 10 ms
   * once it drains, on a thread of its own.
   */
  int inFlight();

  /**
   * Returns whether it still accepts connections. Asked once a second on a thread of its own; to be
   * answered at once. After the first false {@code /livez} is 503, since nothing opens it again: a
   * supervisor replaces the process. True unless overridden.
   */
  default boolean isListening() {
    return true;
  }

  /**
   * Accepts no more and ends what is left.
   *
   * @throws Exception is logged; the stop goes on
   */
  void close() throws Exception;
}
