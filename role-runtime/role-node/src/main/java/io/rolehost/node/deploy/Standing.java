package io.rolehost.node.deploy;

/**
 * How an instance is at the moment of a decision.
 *
 * @param role the name of its role
 * @param incarnation which start it is
 * @param told how it is and why, for an operator; of one that ended also by what
 */
public record Standing(String role, Kind kind, long incarnation, String told) {

  /** What matters of its state. */
  public enum Kind {
    /** It is ready. */
    READY,
    /** It is ready, but not for as long yet as its role says a load balancer needs to find it. */
    SETTLING,
    /** Its process lives and is not ready: it starts, stops, or is out of the balancer. */
    COMING,
    /** Its process lives and is held at a freeze check. */
    HELD,
    /** It ended, and its next start comes by itself. */
    WAITING,
    /** No process, because of a freeze. */
    FROZEN,
    /** No process, because another start can't help. */
    GONE,
    /** It was added and not started yet: nobody misses it. */
    NEW,
    /** No process, and none is wanted: it ended as it should. */
    NOT_WANTED
  }

  /** Returns whether it may have traffic, so that its end takes something away. */
  public boolean serves() {
    return kind == Kind.READY || kind == Kind.SETTLING;
  }

  /** Returns whether it is missed where its role's instances are counted. */
  boolean isDown() {
    return switch (kind) {
      case SETTLING, COMING, HELD, WAITING, FROZEN, GONE -> true;
      case READY, NEW, NOT_WANTED -> false;
    };
  }

  /** Returns whether it stays down unless somebody does something about it. */
  boolean staysDown() {
    return switch (kind) {
      case HELD, FROZEN, GONE -> true;
      case READY, SETTLING, COMING, WAITING, NEW, NOT_WANTED -> false;
    };
  }
}
