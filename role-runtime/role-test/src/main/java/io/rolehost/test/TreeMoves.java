package io.rolehost.test;

import io.rolehost.runtime.supervision.TaskTree;
import io.rolehost.runtime.supervision.TreeLook;

/** A tree of tasks as something that moves with time. */
final class TreeMoves implements VirtualTime.Moved {

  private final TaskTree tree;

  TreeMoves(TaskTree tree) {
    this.tree = tree;
  }

  @Override
  public boolean work() {
    tree.ticksMoved();
    return false;
  }

  @Override
  public VirtualTime.Look look() {
    try {
      TreeLook seen = tree.look();
      return new VirtualTime.Look(seen.changes(), seen.timers(), seen.nextDue(), seen.bodies());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("The test was interrupted while it waited for its tasks", e);
    }
  }
}
