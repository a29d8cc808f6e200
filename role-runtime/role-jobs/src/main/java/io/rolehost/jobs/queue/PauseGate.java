package io.rolehost.jobs.queue;

import io.rolehost.api.StopToken;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/** Keeps the slots of a queue from taking, while anybody has a reason. Safe for all threads. */
final class PauseGate {

  private static final Duration LOOK = Duration.ofMillis(100);

  private final Set<String> reasons = new LinkedHashSet<>();
  private volatile boolean closed;

  /** Returns whether that closed it. */
  synchronized boolean close(String reason) {
    boolean first = reasons.isEmpty();
    reasons.add(reason);
    closed = true;
    return first;
  }

  synchronized void open(String reason) {
    reasons.remove(reason);
    if (reasons.isEmpty()) {
      closed = false;
    }
  }

  synchronized Set<String> reasons() {
    return new LinkedHashSet<>(reasons);
  }

  boolean isClosed() {
    return closed;
  }

  /** Waits until nobody has a reason, or the stop is asked. */
  void await(StopToken token) throws InterruptedException {
    while (closed && !token.await(LOOK)) {
      // a resume is seen within a tenth of a second
    }
  }
}
