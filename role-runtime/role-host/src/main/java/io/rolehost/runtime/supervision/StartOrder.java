package io.rolehost.runtime.supervision;

import io.rolehost.runtime.supervision.Node.Child;
import io.rolehost.runtime.supervision.Node.Group;
import org.jspecify.annotations.Nullable;

/**
 * Who starts after whom: nobody does before an earlier sibling, or one of a group above, whose
 * start has to be acknowledged and is not. Part of the {@link TaskMachine}.
 */
final class StartOrder {

  private final TaskMachine machine;
  private @Nullable Node lastSettled;
  private boolean startingFollowers;

  StartOrder(TaskMachine machine) {
    this.machine = machine;
  }

  /** Whether somebody before has to be waited for: its last elder, or an elder of a group above. */
  static boolean isBlocked(Group group, @Nullable Node elder) {
    if (elder != null && !elder.isSettled()) {
      return true;
    }
    return group.parent != null && isBlocked(group.parent, group.previous);
  }

  /** Notes whether later ones have to wait for a task, and starts them when they need not. */
  void unsettled(Child child, boolean now) {
    if (child.unsettled == now) {
      return;
    }
    child.unsettled = now;
    for (@Nullable Group group = child.parent; group != null; group = group.parent) {
      group.unsettled += now ? 1 : -1;
    }
    if (!now) {
      startFollowers(child);
    }
  }

  /** Starts who waited for a node; each that settles at once is followed by the next. */
  private void startFollowers(Node settled) {
    lastSettled = settled;
    if (startingFollowers) {
      return;
    }
    startingFollowers = true;
    try {
      // A loop and no recursion: a million may have waited.
      while (lastSettled != null) {
        Node from = lastSettled;
        lastSettled = null;
        startNextAfter(from);
      }
    } finally {
      startingFollowers = false;
    }
  }

  private void startNextAfter(Node settled) {
    @Nullable Node node = settled;
    while (node != null && node.isSettled()) {
      for (@Nullable Node next = node.next; next != null; next = next.next) {
        if (!next.isSettled()) {
          startFirst(next);
          return;
        }
      }
      node = node.parent;
    }
  }

  /** Starts the first one that waits in or below {@code node}, if it is not held back itself. */
  void startFirst(Node node) {
    switch (node) {
      case Child child -> {
        if (child.phase() instanceof Phase.Waiting) {
          machine.launch(child);
        }
      }
      case Group group -> {
        @Nullable Node member = group.first;
        while (member != null && member.isSettled()) {
          member = member.next;
        }
        if (member != null) {
          startFirst(member);
        }
      }
    }
  }

  /** Has those who were held wait for their turn. */
  void markWaiting(Group group, long from) {
    for (@Nullable Node node = group.first; node != null; node = node.next) {
      if (node.sequence >= from) {
        switch (node) {
          case Child child -> {
            if (child.phase() instanceof Phase.Held(int attempt, long _, long _)) {
              child.acknowledged = false;
              machine.enter(child, new Phase.Waiting(attempt, machine.now()));
              unsettled(child, true);
            }
          }
          case Group below -> {
            below.draining = null;
            markWaiting(below, Long.MIN_VALUE);
          }
        }
      }
    }
  }
}
