package io.rolehost.spring;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The requests that the application answers at present. Thread-safe. */
final class OpenRequests {
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicBoolean began = new AtomicBoolean();
  private volatile boolean draining;
  private volatile String health = "/actuator/health";

  /**
   * Says where the health of the application is asked for.
   *
   * @param path of all health endpoints, such as {@code /actuator/health}
   */
  void healthAt(String path) {
    health = path;
  }

  /**
   * Returns whether a request is work. A load balancer's question is none: it comes all through a
   * drain, which would never be quiet.
   *
   * @param path with the application's own before it, if it has one
   */
  boolean counts(String path) {
    return !(path.endsWith(health)
        || path.contains(health + "/")
        || path.endsWith("/livez")
        || path.endsWith("/readyz"));
  }

  /** A request begins. */
  void begin() {
    open.incrementAndGet();
    if (!began.get()) {
      began.set(true);
    }
  }

  /** A request has ended, however. */
  void end() {
    open.decrementAndGet();
  }

  /** From now on each answer asks its client to leave. */
  void drain() {
    draining = true;
  }

  boolean draining() {
    return draining;
  }

  /**
   * Returns how many there are; at least one if any came since the last call, so that who asks now
   * and then does not take many short requests for none.
   */
  int look() {
    boolean any = began.getAndSet(false);
    return Math.max(any ? 1 : 0, open.get());
  }
}
