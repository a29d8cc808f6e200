package io.rolehost.api;

/**
 * Starts tasks and keeps them running. Every method may be called from any thread.
 *
 * <p>A task is supervised from its {@link #start}, also inside {@code onStart}. A failed task is
 * restarted alone, with back-off, within its budget; when that is spent, or the failure is
 * {@linkplain FatalTaskException fatal}, the role ends, whether or not anybody {@linkplain #await
 * awaits}.
 */
public interface TaskSupervisor {

  /**
   * Starts a task and returns at once.
   *
   * @throws IllegalArgumentException if a task of that name is running here
   * @throws IllegalStateException if the instance is stopping
   */
  TaskHandle start(Task task);

  /**
   * Returns the group of that name below this one, made on the first call.
   *
   * @throws IllegalArgumentException if it exists with another strategy
   */
  @Experimental
  TaskSupervisor group(String name, Strategy strategy);

  /**
   * Waits until the instance stops, and then returns.
   *
   * @throws FatalTaskException if a task failed fatally or spent its budget; the cause is the last
   *     failure
   * @throws CorruptionException if a task reported corruption
   * @throws InterruptedException if the thread is interrupted
   */
  void await() throws InterruptedException;
}
