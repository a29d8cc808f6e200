package io.rolehost.node.solution;

/** How a node finds out whether a program that is no role host is ready. */
public sealed interface Ready {

  /** As soon as it was started. */
  record AtStart() implements Ready {}

  /**
   * While a TCP port of this machine takes connections.
   *
   * @param port of instance 0; instance n is asked at {@code port + n}
   */
  record Port(int port) implements Ready {}

  /** While the port of an endpoint takes connections. */
  record OfEndpoint(String name) implements Ready {}

  /**
   * While a request is answered with a status from 200 to 399.
   *
   * @param path such as {@code /health}
   * @param where whose port is asked
   */
  record Http(String path, Ready where) implements Ready {}

  /** From the first newline on that it writes to a file descriptor, as s6 has it. */
  record Descriptor(int number) implements Ready {}
}
