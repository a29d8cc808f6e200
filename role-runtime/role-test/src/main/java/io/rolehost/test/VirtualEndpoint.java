package io.rolehost.test;

import io.rolehost.api.Endpoint;
import io.rolehost.api.EndpointServer;
import io.rolehost.api.http.HttpHandler;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An endpoint that listens nowhere: a test calls its handler itself. */
final class VirtualEndpoint implements Endpoint {

  private final String name;
  private volatile @Nullable HttpHandler handler;

  VirtualEndpoint(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String protocol() {
    return "http";
  }

  @Override
  public String host() {
    return "localhost";
  }

  @Override
  public int port() {
    return 0;
  }

  @Override
  public void serve(HttpHandler with) {
    handler = with;
  }

  /** A server of the role's own is not opened: there is no network here. */
  @Override
  public void serve(EndpointServer server) {}

  Optional<HttpHandler> handler() {
    return Optional.ofNullable(handler);
  }
}
