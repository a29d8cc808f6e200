package io.rolehost.api.http;

import io.rolehost.api.Experimental;
import java.io.IOException;

/** An answer on its way, written piece by piece. For one thread. */
@Experimental
public interface HttpStream {

  /**
   * Sends bytes at once. Waits for the client where it is slow: no more than two pieces are under
   * way.
   *
   * @param bytes must not be changed afterwards
   * @throws IOException if the client is gone
   */
  void send(byte[] bytes) throws IOException;

  /**
   * Returns whether it is time to end the answer: the endpoint drains, or the client is gone. To be
   * asked every second or so, since a stop waits for what is in flight.
   */
  boolean leaving();

  /** Writes the body of an answer, on the thread of the request. */
  @FunctionalInterface
  interface Writer {

    /**
     * Writes the body; when it returns, the answer ends. A client that hears nothing for the
     * endpoint's {@code answer-timeout} is cut off: send something sooner.
     *
     * @throws Exception breaks the connection, so that the answer does not look whole
     */
    void write(HttpStream out) throws Exception;
  }
}
