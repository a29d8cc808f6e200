package io.rolehost.runtime.flight;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Event;

/**
 * Commits events on a thread of its own, within a second. A thread that commits its first event is
 * made known to the recorder, which takes a sixth of the time from a failure to the new attempt
 * (docs/benchmarks.md), and each attempt has a thread of its own. Any thread.
 */
final class LateCommits {

  private static final long EVERY_NANOS = Duration.ofSeconds(1).toNanos();

  /** A flood beyond this is committed where it comes from. */
  private static final int MOST = 65_536;

  private static final ConcurrentLinkedQueue<Event> WAITING = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger COUNT = new AtomicInteger();

  static {
    Thread.ofPlatform().daemon().name("rolehost-flight").start(LateCommits::commitForEver);
  }

  private LateCommits() {}

  /** Takes an event that has ended; wakes nobody. */
  static void add(Event ended) {
    if (COUNT.incrementAndGet() > MOST) {
      COUNT.decrementAndGet();
      ended.commit();
    } else {
      WAITING.add(ended);
    }
  }

  /** Commits what waits, before an event that is to come after it. */
  static void commit() {
    for (Event next = WAITING.poll(); next != null; next = WAITING.poll()) {
      COUNT.decrementAndGet();
      next.commit();
    }
  }

  private static void commitForEver() {
    while (true) {
      LockSupport.parkNanos(EVERY_NANOS);
      commit();
    }
  }
}
