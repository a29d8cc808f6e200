package io.rolehost.api;

/**
 * The user's code: what one instance does from its start to its stop.
 *
 * <p>The host builds exactly one object of a role in a process and calls each method at most once,
 * each on a platform thread of its own: {@link #onStart}, then {@link #run}, then {@link #onStop}.
 * {@code onStop} runs while {@code run} is still running; {@code onStart} and {@code onStop} never
 * overlap. The next start of the instance is a new process.
 *
 * <p>All three methods may be left out: a role of no code at all starts, is ready, and stops.
 */
public interface Role {

  /**
   * Prepares the instance. No traffic is sent to it before this has returned true.
   *
   * <p>The stop token of the context is cancelled when a stop is asked meanwhile, and the thread is
   * interrupted when half of the grace period has passed. The time limit is {@code
   * rolehost.start.timeout}; past it the process writes a thread dump and exits with 81.
   *
   * @return true when the role may run; false refuses the start: the process exits with 75, {@link
   *     #onStop} is not called, and what {@link RoleContext#closeOnStop} holds is closed
   * @throws Exception if the start failed; as false, with exit code 70
   */
  default boolean onStart(RoleContext context) throws Exception {
    return true;
  }

  /**
   * Does the work, for as long as the instance lives. The default supervises the tasks that were
   * started in {@link #onStart}.
   *
   * <p>Returning while no stop was asked recycles the instance (exit 87), or ends it with exit 0
   * when {@code rolehost.run.on-return = stop}. At a stop the thread is not interrupted before
   * {@link #onStop} has returned and the task stop limit (5 s) has passed, or half of the grace is
   * gone.
   *
   * @throws Exception if the role can't go on: it is stopped in order and exits with 70; see also
   *     {@link CorruptionException} and {@link PermanentFailureException}
   */
  default void run(RoleContext context) throws Exception {
    context.tasks().await();
  }

  /**
   * Says goodbye: the place to hand back leases and to write what must not be lost. Called at most
   * once, and only if {@link #onStart} returned true. Traffic has ended and the stop tokens are
   * cancelled when it is called.
   *
   * @throws Exception is logged; the stop goes on, and an exit code of 0 becomes 70
   */
  default void onStop(StopContext context) throws Exception {}
}
