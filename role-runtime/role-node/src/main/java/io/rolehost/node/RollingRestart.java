package io.rolehost.node;

import io.rolehost.node.machine.InstanceState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The restart of a role, one instance after another: the next one leaves when the one before it is
 * ready again. It ends at the first that does not come up, so that a bad build takes one instance
 * and not all. Of the node's thread alone; decides, and leaves the doing to the node.
 */
final class RollingRestart {

  /** What is to be done now. */
  sealed interface Next {
    /** The one under way is not there yet. */
    record Wait() implements Next {}

    /** This one is next. */
    record Restart(Supervised instance) implements Next {}

    /** All are ready again. */
    record Done() implements Next {}

    /** One did not come up; those behind it are left as they are. */
    record Broken(Supervised instance, List<String> untouched) implements Next {}
  }

  private final String role;
  private final Deque<Supervised> waiting;
  private Optional<Supervised> current = Optional.empty();
  private long before;

  RollingRestart(String role, List<Supervised> instances) {
    this.role = role;
    this.waiting = new ArrayDeque<>(instances);
  }

  String role() {
    return role;
  }

  /** Decides by the states of this moment. */
  Next next() {
    if (current.isPresent()) {
      Supervised instance = current.get();
      boolean renewed = instance.life().incarnation() > before;
      if (renewed && instance.word().equals("ready")) {
        current = Optional.empty();
      } else if (isBroken(instance, renewed)) {
        return new Next.Broken(instance, waiting.stream().map(Supervised::id).toList());
      } else {
        return new Next.Wait();
      }
    }
    if (waiting.isEmpty()) {
      return new Next.Done();
    }
    Supervised instance = waiting.remove();
    before = instance.life().incarnation();
    current = Optional.of(instance);
    return new Next.Restart(instance);
  }

  private static boolean isBroken(Supervised instance, boolean renewed) {
    return switch (instance.life().state()) {
      case InstanceState.BackingOff _ -> renewed;
      case InstanceState.Frozen _, InstanceState.Stopped _, InstanceState.Gone _ -> true;
      case InstanceState.Starting _, InstanceState.Up _ ->
          renewed && instance.word().equals("frozen");
      case InstanceState.Created _, InstanceState.Stopping _ -> false;
    };
  }
}
