package io.rolehost.node;

import io.rolehost.node.machine.InstanceState;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Knows when no first start is still on its way: each instance was ready, or is frozen, given up,
 * or waits for its next try. A role that can't come up must not take the others down, which it
 * would if who waits for a start waited for it. Written by the node's thread alone.
 */
final class FirstStarts {
  private final Set<String> settled = new HashSet<>();
  private volatile boolean done;

  /** Takes note of how they are now. */
  void look(List<Supervised> instances) {
    if (done) {
      return;
    }
    boolean all = true;
    for (Supervised instance : instances) {
      if (isSettled(instance.life().state(), instance.word())) {
        settled.add(instance.id());
      }
      all &= settled.contains(instance.id());
    }
    done = all;
  }

  /** Returns whether that is so; it stays so. Any thread. */
  boolean done() {
    return done;
  }

  private static boolean isSettled(InstanceState state, String word) {
    return switch (state) {
      case InstanceState.Created _ -> false;
      case InstanceState.Starting _ -> word.equals("frozen");
      case InstanceState.Up _,
          InstanceState.Stopping _,
          InstanceState.BackingOff _,
          InstanceState.Frozen _,
          InstanceState.Stopped _,
          InstanceState.Gone _ ->
          true;
    };
  }
}
