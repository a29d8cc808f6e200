package io.rolehost.node.solution;

import java.time.Duration;
import java.util.Map;

/** How a node finds out whether a program that is no role host is ready. */
public sealed interface Ready {

  /** As soon as it was started. */
  record AtStart() implements Ready {}

  /** While a TCP port of this machine takes connections. */
  sealed interface Listening extends Ready {

    /**
     * Returns the port of the {@code n}-th instance.
     *
     * @param endpoints the ports that the instance was given
     */
    default int portOf(int n, Map<String, Integer> endpoints) {
      return switch (this) {
        case Port(int port) -> port + n;
        case OfEndpoint(String name) -> endpoints.getOrDefault(name, 0);
      };
    }
  }

  /**
   * A port that the solution names.
   *
   * @param port of instance 0; instance n is asked at {@code port + n}
   */
  record Port(int port) implements Listening {}

  /** The port of an endpoint. */
  record OfEndpoint(String name) implements Listening {}

  /**
   * While a request is answered with a status below 400.
   *
   * @param path such as {@code /health}
   * @param where whose port is asked
   */
  record Http(String path, Listening where) implements Ready {}

  /**
   * As a load balancer probes: ready from the first 200 on, and no longer after as many other
   * answers in a row as intervals fit into {@code timeout}.
   *
   * @param path such as {@code /health}
   * @param where whose port is asked
   * @param interval from one request to the next, once it was ready
   * @param timeout how long it may go without a good answer
   */
  record Probed(String path, Listening where, Duration interval, Duration timeout)
      implements Ready {

    /** Returns how many answers in a row that are no 200 take it back. */
    public int failures() {
      return Math.toIntExact(Math.max(1, timeout.dividedBy(interval)));
    }
  }

  /** From the first newline on that it writes to a file descriptor, as s6 has it. */
  record Descriptor(int number) implements Ready {}
}
