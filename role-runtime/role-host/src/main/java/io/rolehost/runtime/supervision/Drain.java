package io.rolehost.runtime.supervision;

import io.rolehost.runtime.supervision.Node.Group;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that are asked to leave together, and how many of them are still there. Of the machine
 * alone.
 */
abstract sealed class Drain {

  int outstanding;

  /** The members of a group, from the last one back to {@link #from}, wave by wave. */
  static final class OfGroup extends Drain {
    final Group group;

    /** Whether they are over when they have left; otherwise they are held and start again. */
    final boolean end;

    /** Whether what is above the group waits for it, and decides what follows. */
    final boolean forParent;

    /** The first member that leaves, by its sequence. */
    long from;

    /** When the members may start again. */
    long until;

    /** Who is asked next; null when all were. */
    @Nullable Node cursor;

    /** No waves: everybody is asked now. */
    boolean atOnce;

    OfGroup(Group group, boolean end, boolean forParent, long from, long until) {
      this.group = group;
      this.end = end;
      this.forParent = forParent;
      this.from = from;
      this.until = until;
      this.cursor = group.last;
    }

    @Override
    void forget(Node node) {
      if (cursor == node) {
        cursor = node.previous;
      }
    }

    boolean isDone() {
      return outstanding == 0 && (cursor == null || cursor.sequence < from);
    }
  }

  /** The holders of shared state. */
  static final class OfShared extends Drain {
    final String shared;
    final Runnable renew;
    final java.util.List<Node.Child> held = new java.util.ArrayList<>();
    long until;

    OfShared(String shared, Runnable renew, long until) {
      this.shared = shared;
      this.renew = renew;
      this.until = until;
    }

    @Override
    void forget(Node node) {}
  }

  /** A member goes away for good. */
  abstract void forget(Node node);
}
