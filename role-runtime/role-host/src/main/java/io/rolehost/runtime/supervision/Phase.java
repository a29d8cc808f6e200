package io.rolehost.runtime.supervision;

import io.rolehost.api.TaskHandle.State;

/**
 * Where a task is in its life. What is true only there lives inside it. Times are ticks.
 *
 * <p>{@code attempt} is the number of the latest attempt, 0 before the first; {@code since} is when
 * this phase began.
 */
sealed interface Phase {

  int attempt();

  long since();

  /** Waits for an earlier sibling that has not acknowledged its start. */
  record Waiting(int attempt, long since) implements Phase {}

  /** The attempt runs and has not acknowledged its start yet. */
  record Starting(int attempt, long since) implements Phase {}

  /** The attempt runs. */
  record Running(int attempt, long since) implements Phase {}

  /**
   * The attempt was asked to leave.
   *
   * @param pressed whether it was interrupted, too
   */
  record Leaving(int attempt, long since, Then then, boolean pressed) implements Phase {}

  /** The next attempt waits for its back-off. */
  record Backoff(int attempt, long since, long until) implements Phase {}

  /** A periodic task waits for its next tick. */
  record Resting(int attempt, long since, long until) implements Phase {}

  /** Waits until what it belongs to starts again together. */
  record Held(int attempt, long since, long until) implements Phase {}

  /** No attempt will follow. */
  record Over(int attempt, long since, State how) implements Phase {}

  /** What follows when an attempt that was asked to leave has left. */
  sealed interface Then {
    /** Nothing: the task is over. */
    record End() implements Then {}

    /** It waits for what it belongs to. */
    record Hold() implements Then {}

    /** The next attempt, at once. */
    record Again() implements Then {}

    /** It failed by standing still; policy decides. */
    record Fail(AttemptEnd end, Throwable cause) implements Then {}
  }

  /** Returns whether an attempt has a thread that is not left behind. */
  default boolean isUp() {
    return switch (this) {
      case Starting _, Running _, Leaving _ -> true;
      case Waiting _, Backoff _, Resting _, Held _, Over _ -> false;
    };
  }

  /** Returns whether the task does not do its work, as far as readiness is concerned. */
  default boolean isDown() {
    return switch (this) {
      case Waiting _, Starting _, Running _, Resting _ -> false;
      case Leaving _, Backoff _, Held _, Over _ -> true;
    };
  }

  /** Returns what others see of it. */
  default State state() {
    return switch (this) {
      case Waiting _, Starting _ -> State.STARTING;
      case Running _ -> State.RUNNING;
      case Leaving _ -> State.STOPPING;
      case Resting _ -> State.WAITING;
      case Backoff _ -> State.BACKOFF;
      case Held(int attempt, long _, long _) -> attempt == 0 ? State.STARTING : State.BACKOFF;
      case Over(int _, long _, State how) -> how;
    };
  }

  /** Returns when the next attempt is due; the longest time if that is not known. */
  default long nextAt() {
    return switch (this) {
      case Backoff(int _, long _, long until) -> until;
      case Resting(int _, long _, long until) -> until;
      case Held(int _, long _, long until) -> until;
      case Waiting _, Starting _, Running _, Leaving _, Over _ -> Long.MAX_VALUE;
    };
  }
}
