package io.rolehost.api;

import java.time.Duration;

/**
 * Tells that a stop was asked. It is cancelled once and stays so. Every method is safe before,
 * during and after the stop, from any thread.
 */
public interface StopToken {

  /** Returns whether the stop was asked. Cheap enough for an inner loop. */
  boolean isStopRequested();

  /**
   * Waits until the stop is asked.
   *
   * @throws InterruptedException if the thread is interrupted first
   */
  void await() throws InterruptedException;

  /**
   * Waits until the stop is asked, but no longer than {@code timeout}. The way to pause in a loop:
   * {@code while (!token.await(Duration.ofSeconds(1))) { … }}.
   *
   * @return true if the stop was asked; false if the time is over
   * @throws InterruptedException if the thread is interrupted first
   */
  boolean await(Duration timeout) throws InterruptedException;

  /**
   * Runs {@code action} once when the stop is asked, on the thread that asks; at once on this
   * thread if it was asked before. What it throws is logged. It must be short: it delays those
   * after it.
   */
  void onStop(Runnable action);
}
