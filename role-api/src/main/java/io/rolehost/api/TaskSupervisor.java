package io.rolehost.api;

import java.util.function.Supplier;

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
   * @throws IllegalArgumentException if a task of that name is running here, or if its rules can
   *     never hold together; the message says which and what would fit
   * @throws IllegalStateException if the instance is stopping, or the group has ended
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
   * Returns the group of that name below this one, made by these rules on the first call.
   *
   * @throws IllegalArgumentException if it exists with other rules
   */
  @Experimental
  default TaskSupervisor group(TaskGroup rules) {
    return group(rules.name(), rules.strategy());
  }

  /** Returns state that tasks share and whose poisoning ends the role; see {@link Shared}. */
  @Experimental
  default <T> Shared<T> shared(String name, Supplier<T> fresh) {
    return shared(name, fresh, OnPoison.END_ROLE);
  }

  /**
   * Returns state that tasks share.
   *
   * @param name for messages
   * @param fresh makes the first value now, and another after each poisoning; called on any thread
   * @param then what follows when a {@link Shared#mutate} fails
   */
  @Experimental
  default <T> Shared<T> shared(String name, Supplier<T> fresh, OnPoison then) {
    throw new UnsupportedOperationException("This supervisor has no shared state");
  }

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
