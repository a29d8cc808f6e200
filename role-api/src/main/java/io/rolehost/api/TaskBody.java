package io.rolehost.api;

/** The work of a task: one call is one attempt. */
@FunctionalInterface
public interface TaskBody {

  /**
   * Does the work until it is done or {@link TaskContext#stopToken} is cancelled. Runs on a virtual
   * thread, or on a platform thread if the task is {@linkplain Task#cpuBound cpu bound}; never
   * twice at the same time.
   *
   * @throws Exception if the attempt failed; what is thrown after the token was cancelled is no
   *     failure
   */
  void run(TaskContext task) throws Exception;
}
