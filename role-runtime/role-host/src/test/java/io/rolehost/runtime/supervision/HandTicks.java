package io.rolehost.runtime.supervision;

import io.rolehost.runtime.process.Ticks;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that a test moves. Begins near the overflow, which must not matter. */
final class HandTicks implements Ticks {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);

  @Override
  public long nanos() {
    return nanos.get();
  }

  void move(Duration by, TaskTree tree) {
    nanos.addAndGet(by.toNanos());
    tree.ticksMoved();
  }
}
