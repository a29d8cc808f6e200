package io.rolehost.node.machine;

import java.time.Duration;
import java.util.List;

/** What can happen to an instance. What is told of an older incarnation changes nothing. */
public sealed interface InstanceEvent {

  /** The instance is wanted: by the solution at the start of the node, or by an operator. */
  record Start() implements InstanceEvent {}

  /**
   * The process could not be started.
   *
   * @param message why
   */
  record StartFailed(long incarnation, String message) implements InstanceEvent {}

  /** The process said whether it is ready. */
  record Readiness(long incarnation, boolean ready) implements InstanceEvent {}

  /**
   * The process answers nothing though it did before.
   *
   * @param silent for how long it has not
   */
  record Unresponsive(long incarnation, Duration silent) implements InstanceEvent {}

  /**
   * The process ended.
   *
   * @param code the exit code; 128 + n where a signal ended it
   * @param byOnReturn whether it ended because {@code run} returned and {@code
   *     rolehost.run.on-return = stop}
   */
  record Exited(long incarnation, int code, boolean byOnReturn) implements InstanceEvent {}

  /**
   * Somebody wants it to end. Asked again, it may shorten the time left, never lengthen it.
   *
   * @param within after this the process is killed
   */
  record StopAsked(Duration within) implements InstanceEvent {}

  /**
   * An operator wants a new process, whatever the state.
   *
   * @param within after this the old process is killed
   */
  record RestartAsked(Duration within) implements InstanceEvent {}

  /**
   * The freezes that cover the instance are now these.
   *
   * @param reasons as {@code <reason> by <owner>}; empty = none
   */
  record Freezes(List<String> reasons) implements InstanceEvent {
    /** Takes a copy of the list. */
    public Freezes {
      reasons = List.copyOf(reasons);
    }
  }

  /** Time has passed. */
  record Tick() implements InstanceEvent {}
}
