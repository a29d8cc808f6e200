package io.rolehost.spring;

import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Counts the requests of a reactive application, and asks clients to leave while it drains. */
final class ReactiveRequests implements WebFilter, Ordered {
  private final OpenRequests requests;

  ReactiveRequests(OpenRequests requests) {
    this.requests = requests;
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return Mono.defer(() -> {
      if (requests.draining()) {
        exchange.getResponse().getHeaders().set("Connection", "close");
      }
      if (!requests.counts(exchange.getRequest().getPath().value())) {
        return chain.filter(exchange);
      }
      requests.begin();
      return chain.filter(exchange).doFinally(_ -> requests.end());
    });
  }
}
