package io.rolehost.runtime.boot;

import io.rolehost.runtime.process.Ticks;
import java.time.Duration;

/** How long this incarnation has been frozen, all times together. Thread-safe. */
final class FrozenTime {

  private final Ticks ticks;
  private boolean frozen;
  private long since;
  private long before;

  FrozenTime(Ticks ticks) {
    this.ticks = ticks;
  }

  /** A freeze covers the instance from now on; nothing new if one did already. */
  synchronized void begin() {
    if (!frozen) {
      frozen = true;
      since = ticks.nanos();
    }
  }

  /** No freeze covers it any more. */
  synchronized void end() {
    before = total().toNanos();
    frozen = false;
  }

  synchronized Duration total() {
    return Duration.ofNanos(before + (frozen ? ticks.nanos() - since : 0));
  }
}
