package io.rolehost.runtime.supervision;

import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskGroup;
import org.jspecify.annotations.Nullable;

/**
 * A place in the tree. Only the machine changes it; others may read what is volatile. A million of
 * them have to fit, so links, timer and flags are fields and not objects of their own.
 */
abstract sealed class Node {

  /** The full name: the names of the groups above and its own, with slashes. */
  final String name;

  final @Nullable Group parent;

  /** The order of the starts, in the whole tree. */
  long sequence;

  @Nullable Node previous;
  @Nullable Node next;

  /** Who waits for this node to go down. */
  @Nullable Drain awaitedBy;

  /** Of {@link DueTimers}. */
  long dueAt;

  int timerSlot = DueTimers.NONE;

  private Node(String name, @Nullable Group parent) {
    this.name = name;
    this.parent = parent;
  }

  /** Returns whether anything below has a thread. */
  abstract boolean isUp();

  /** Returns whether those that were started later may start. */
  abstract boolean isSettled();

  /** A task. */
  static final class Child extends Node {
    final Task task;
    private volatile Phase phase;
    volatile @Nullable String lastFailure;
    volatile boolean suspect;
    History history = History.NONE;

    /** Whether it was stable or reported once: what fails from now on is no wrong build. */
    boolean proven;

    boolean acknowledged;
    boolean unsettled;

    /** What the shell knows of the latest attempt; the machine never looks. */
    volatile @Nullable Attempt attempt;

    Child(String name, Task task, Group parent, long now) {
      super(name, parent);
      this.task = task;
      this.phase = new Phase.Waiting(0, now);
    }

    Group group() {
      return java.util.Objects.requireNonNull(parent);
    }

    Phase phase() {
      return phase;
    }

    void enter(Phase next) {
      phase = next;
    }

    @Override
    boolean isUp() {
      return phase.isUp();
    }

    @Override
    boolean isSettled() {
      return !unsettled;
    }
  }

  /** A group of tasks and groups. */
  static final class Group extends Node {
    final TaskGroup rules;
    @Nullable Node first;
    @Nullable Node last;
    History history = History.NONE;

    /** How many tasks below have a thread. */
    int up;

    /** How many tasks below keep later ones from starting. */
    int unsettled;

    /** What is under way with its members; null while they just live. */
    Drain.@Nullable OfGroup draining;

    /** No task starts here any more. */
    volatile boolean ended;

    Group(String name, TaskGroup rules, @Nullable Group parent) {
      super(name, parent);
      this.rules = rules;
    }

    Strategy strategy() {
      return rules.strategy();
    }

    @Override
    boolean isUp() {
      return up > 0;
    }

    @Override
    boolean isSettled() {
      return unsettled == 0;
    }

    void append(Node node) {
      node.previous = last;
      if (last == null) {
        first = node;
      } else {
        last.next = node;
      }
      last = node;
    }

    void unlink(Node node) {
      if (draining != null) {
        draining.forget(node);
      }
      if (node.previous == null) {
        first = node.next;
      } else {
        node.previous.next = node.next;
      }
      if (node.next == null) {
        last = node.previous;
      } else {
        node.next.previous = node.previous;
      }
      node.previous = null;
      node.next = null;
    }
  }
}
