package io.rolehost.api;

/**
 * A role that answers requests. It adds the pair that frames the time its listeners are open.
 *
 * <p>Order: {@link #onStart}, {@link #onApplicationStart}, listeners open, ready, {@link #run}; at
 * the stop: drain, listeners closed, {@link #onApplicationEnd}, {@link #onStop}.
 */
public interface WebRole extends Role {

  /**
   * Sets up what answers requests, after {@link #onStart} returned true and before any listener
   * opens. Counts against {@code rolehost.start.timeout}.
   *
   * @throws Exception is treated as a failed {@link #run}: {@link #onStop} is called, {@link
   *     #onApplicationEnd} is not; exit code 70
   */
  default void onApplicationStart(RoleContext context) throws Exception {}

  /**
   * Tears it down, after the last request was answered and before {@link #onStop}. Called only if
   * {@link #onApplicationStart} returned.
   *
   * @throws Exception is logged; the stop goes on, and an exit code of 0 becomes 70
   */
  default void onApplicationEnd(StopContext context) throws Exception {}
}
