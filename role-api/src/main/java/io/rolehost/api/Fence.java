package io.rolehost.api;

/**
 * Keeps an abandoned attempt from writing. A thread can't be killed on the JVM: an attempt that
 * ignores its interrupt is left behind and its fence is raised. Check it right before a write that
 * must not come from such a thread.
 */
@Experimental
public interface Fence {

  /**
   * Passes while the attempt is current.
   *
   * @throws StaleFenceException if the attempt was abandoned
   */
  void check();

  /** Returns whether the attempt is still current. */
  boolean isCurrent();

  /** Returns the number of the fence: higher for a later attempt of the same task. */
  long number();
}
