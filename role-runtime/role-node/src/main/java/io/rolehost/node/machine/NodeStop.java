package io.rolehost.node.machine;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Whether a node ends all its instances, and how much time each has. Pure.
 *
 * @param stage how far it is
 * @param why what was asked last; empty if nothing was
 * @param due when the last one has to be gone, in monotonic nanoseconds; empty = as its role's
 *     settings say
 */
public record NodeStop(Stage stage, String why, OptionalLong due) {
  private static final Duration URGENT = Duration.ofSeconds(2);

  /** How far a stop is. */
  public enum Stage {
    /** Nobody asked. */
    NONE,
    /** Each is told to end when nothing that depends on it is left. */
    IN_ORDER,
    /** It was asked twice: all are told at once, and have little time. */
    URGENT
  }

  /** Returns the beginning: nobody asked. */
  public static NodeStop none() {
    return new NodeStop(Stage.NONE, "", OptionalLong.empty());
  }

  /**
   * Returns what follows when somebody asks for it. A third time changes nothing: more than the
   * second does can't be done.
   *
   * @param due when the last one has to be gone; empty = as its role's settings say
   */
  public NodeStop asked(String reason, OptionalLong due) {
    return switch (stage) {
      case NONE -> new NodeStop(Stage.IN_ORDER, reason, due);
      case IN_ORDER -> new NodeStop(Stage.URGENT, reason, due);
      case URGENT -> this;
    };
  }

  /** Returns whether it was asked for. */
  public boolean isUnderWay() {
    return stage != Stage.NONE;
  }

  /**
   * Returns how long after it is told to end an instance is killed.
   *
   * @param usual what its role's settings say
   * @param nanos the monotonic time
   */
  public Duration timeFor(Duration usual, long nanos) {
    return due.isPresent() ? Duration.ofNanos(Math.max(0, due.getAsLong() - nanos)) : usual;
  }

  /** Returns how long each has when all are told at once. */
  public Duration urgentTime() {
    return URGENT;
  }

  /** Returns what an operator is told of it. */
  public String told() {
    return switch (stage) {
      case NONE -> "runs";
      case IN_ORDER -> why + ": stopping";
      case URGENT -> why + " again: no more time";
    };
  }
}
