package io.rolehost.node.machine;

/**
 * Where an instance stands, as its node sees it. Times are monotonic nanoseconds.
 *
 * <p>What the process itself reports (held, busy, draining) is a fact beside this state: the node
 * decides on starts and ends alone.
 */
public sealed interface InstanceState {

  /** Known, never started. */
  record Created() implements InstanceState {}

  /** The process lives and was not ready yet. */
  record Starting() implements InstanceState {}

  /**
   * The process lives and was ready at least once.
   *
   * @param ready whether it is ready now
   * @param firstReady when it became ready first; the stable window counts from here
   * @param stable whether the window has passed, so that its failures are forgotten
   */
  record Up(boolean ready, long firstReady, boolean stable) implements InstanceState {}

  /**
   * The process was told to end.
   *
   * @param killAt when it is killed, and killed again should that not be enough
   * @param then what follows its end
   */
  record Stopping(long killAt, Then then) implements InstanceState {}

  /** No process; the next start is due at {@code due}. */
  record BackingOff(long due) implements InstanceState {}

  /** No process, and none is started while a freeze covers the instance. */
  record Frozen() implements InstanceState {}

  /** No process: it ended as asked. */
  record Stopped() implements InstanceState {}

  /**
   * No process: another start can't help before somebody changes something.
   *
   * @param why one sentence for an operator
   */
  record Gone(String why) implements InstanceState {}

  /** What follows the end of a process that was told to end. */
  enum Then {
    /** Nothing. */
    STOP,
    /** The next start, at once. */
    RESTART
  }

  /** Returns whether there is a process. */
  default boolean isLive() {
    return switch (this) {
      case Starting _, Up _, Stopping _ -> true;
      case Created _, BackingOff _, Frozen _, Stopped _, Gone _ -> false;
    };
  }

  /** Returns whether nothing more happens unless an operator asks for it. */
  default boolean isFinal() {
    return switch (this) {
      case Stopped _, Gone _ -> true;
      case Created _, Starting _, Up _, Stopping _, BackingOff _, Frozen _ -> false;
    };
  }
}
