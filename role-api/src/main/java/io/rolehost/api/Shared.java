package io.rolehost.api;

/**
 * State that several tasks share and that a failing {@link #mutate} poisons: every attempt that has
 * used it is cancelled together, within 100 ms, so that none works on a half-made change. Then, as
 * {@link OnPoison} says, the role ends or they start again with a fresh value. Made by {@link
 * TaskSupervisor#shared}. Every method may be called from any thread.
 *
 * @param <T> the state; only touched inside {@link #read} and {@link #mutate}
 */
@Experimental
public interface Shared<T> {

  /**
   * Reads the state, beside other readers.
   *
   * @throws CorruptionException if the state is poisoned, with the failure as its cause
   */
  <R> R read(Reading<T, R> reading) throws Exception;

  /**
   * Changes the state, alone. If {@code mutation} throws, the state is poisoned.
   *
   * @throws CorruptionException if the state is or was poisoned, with the failure as its cause
   */
  void mutate(Mutation<T> mutation) throws Exception;

  /** A look at the state. */
  @FunctionalInterface
  interface Reading<T, R> {
    /** Looks at {@code state} without changing it. */
    R read(T state) throws Exception;
  }

  /** A change of the state. */
  @FunctionalInterface
  interface Mutation<T> {
    /** Changes {@code state}. */
    void mutate(T state) throws Exception;
  }
}
