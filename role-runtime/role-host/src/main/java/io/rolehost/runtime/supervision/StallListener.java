package io.rolehost.runtime.supervision;

/**
 * Is told what keeps tasks from getting on: each once, on the watch's own thread, never under a
 * lock. What it throws is logged.
 */
public interface StallListener {

  /** Threads wait for each other; nothing is done about it. */
  default void deadlocked(Deadlock deadlock) {}

  /** A body does not give its carrier back. */
  default void carrierHeld(HeldCarrier held) {}
}
