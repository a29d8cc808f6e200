package io.rolehost.runtime.supervision;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Nodes by the time they are due: a binary heap whose places are fields of the nodes, so that a
 * timer is no object and is moved or taken away in logarithmic time. Of equal times the one that
 * was started first is due first. Not thread-safe.
 */
final class DueTimers {

  static final int NONE = -1;

  private @Nullable Node[] heap = new Node[16];
  private int size;

  int size() {
    return size;
  }

  /** Returns when the first one is due; the longest time if there is none. */
  long nextDue() {
    return size == 0 ? Long.MAX_VALUE : at(0).dueAt;
  }

  /** Takes the first one out if it is due. */
  @Nullable Node pollDue(long now) {
    if (size == 0 || at(0).dueAt > now) {
      return null;
    }
    Node due = at(0);
    disarm(due);
    return due;
  }

  /** Has a node be due at that time, and at no other. */
  void arm(Node node, long at) {
    node.dueAt = at;
    if (node.timerSlot == NONE) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, 2 * size);
      }
      node.timerSlot = size;
      heap[size] = node;
      size++;
    }
    up(node);
    down(node);
  }

  void disarm(Node node) {
    int slot = node.timerSlot;
    if (slot == NONE) {
      return;
    }
    node.timerSlot = NONE;
    size--;
    Node moved = at(size);
    heap[size] = null;
    if (moved != node) {
      put(moved, slot);
      up(moved);
      down(moved);
    }
  }

  private void up(Node node) {
    int slot = node.timerSlot;
    while (slot > 0 && before(node, at((slot - 1) / 2))) {
      put(at((slot - 1) / 2), slot);
      slot = (slot - 1) / 2;
    }
    put(node, slot);
  }

  private void down(Node node) {
    int slot = node.timerSlot;
    while (2 * slot + 1 < size) {
      int child = 2 * slot + 1;
      if (child + 1 < size && before(at(child + 1), at(child))) {
        child++;
      }
      if (!before(at(child), node)) {
        break;
      }
      put(at(child), slot);
      slot = child;
    }
    put(node, slot);
  }

  private Node at(int slot) {
    return requireNonNull(heap[slot]);
  }

  private void put(Node node, int slot) {
    heap[slot] = node;
    node.timerSlot = slot;
  }

  private static boolean before(Node one, Node other) {
    return one.dueAt != other.dueAt ? one.dueAt < other.dueAt : one.sequence < other.sequence;
  }
}
