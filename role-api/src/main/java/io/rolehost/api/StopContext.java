package io.rolehost.api;

import java.time.Duration;

/** What {@link Role#onStop} is told. Every method may be called from any thread. */
public interface StopContext {

  /** Returns why the instance stops. */
  StopReason reason();

  /** Returns how long the whole rest of the stop may still take; never negative. */
  Duration remaining();

  /**
   * Asks for more time, bounded by {@code rolehost.stop.hard-cap}.
   *
   * @param more how much later the deadline should be; positive
   * @return by how much it really moved; zero if the cap is reached
   * @throws IllegalArgumentException if {@code more} is not positive
   */
  Duration extend(Duration more);
}
