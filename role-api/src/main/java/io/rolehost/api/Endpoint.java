package io.rolehost.api;

import io.rolehost.api.http.HttpHandler;

/**
 * A place where the role listens, declared under {@code rolehost.endpoints.<name>}. The host opens
 * it after {@code onApplicationStart}, so that nothing is accepted before the role is ready, drains
 * it at a stop, and closes it before {@code onApplicationEnd}.
 */
public interface Endpoint {

  /** Returns the name it is declared under. */
  String name();

  /** Returns the declared protocol: {@code http} or {@code tcp}. */
  String protocol();

  /** Returns the address to bind. */
  String host();

  /** Returns the port: the declared one, and once the endpoint is open the one really bound. */
  int port();

  /**
   * Answers the requests of this endpoint by the host's own HTTP/1.1 listener, each on a virtual
   * thread.
   *
   * @throws IllegalStateException if something serves this endpoint already, or it is open
   */
  void serve(HttpHandler handler);

  /**
   * Lets a server of the role's own serve this endpoint (Jetty, Javalin, Netty, …), opened, drained
   * and closed by the host at the right moments.
   *
   * @throws IllegalStateException if something serves this endpoint already, or it is open
   */
  void serve(EndpointServer server);
}
