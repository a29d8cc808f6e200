package io.rolehost.api;

import java.util.concurrent.Callable;

/** What one attempt of a task is given. */
public interface TaskContext {

  /** Returns the name of the task. */
  String name();

  /** Returns which attempt this is: 1, 2, … */
  int attempt();

  /** Returns the token that is cancelled when this attempt must leave. */
  StopToken stopToken();

  /**
   * Reports where the work is: an offset, a count, a key. Only a position that <em>changes</em> is
   * progress, so a timer can't fake it. One opaque write; cheap enough for every message.
   */
  void progress(long position);

  /** Reports that there is nothing to do; a task that is idle is never hung. */
  void idle();

  /**
   * Acknowledges the start of an attempt whose task asks for it; see {@link Task#startsWithin}. A
   * second call has no effect.
   */
  @Experimental
  default void started() {}

  /**
   * Computes something while holding one of max(1, cores − 1) permits that all tasks share, so that
   * work on virtual threads leaves a core to everything else.
   *
   * @throws InterruptedException if interrupted while waiting for a permit
   * @throws Exception what {@code work} throws
   */
  <T> T compute(Callable<T> work) throws Exception;

  /** Returns the fence of this attempt. */
  @Experimental
  Fence fence();
}
