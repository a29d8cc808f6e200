package io.rolehost.node;

import io.rolehost.node.machine.InstanceState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The restart of a role, one instance after another: the next one leaves when the one before it is
 * ready again. It ends at the first that does not come up, so that a bad build takes one instance
 * and not all. Used by one thread; decides, and leaves the doing to the node.
 */
final class RollingRestart {

  /** What is to be done now. */
  sealed interface Next {
    /** The one under way is not there yet. */
    record Wait() implements Next {}

    /** This one is next. */
    record Restart(String instance) implements Next {}

    /** All are ready again. */
    record Done() implements Next {}

    /** One did not come up; those behind it are left as they are. */
    record Broken(String instance, String word, List<String> untouched) implements Next {}
  }

  /**
   * How an instance is.
   *
   * @param incarnation its latest start
   * @param word one of the six that people are shown
   */
  record Standing(long incarnation, InstanceState state, String word) {}

  private final String role;
  private final Deque<String> waiting;
  private Optional<String> current = Optional.empty();
  private long before;

  RollingRestart(String role, List<String> instances) {
    this.role = role;
    this.waiting = new ArrayDeque<>(instances);
  }

  String role() {
    return role;
  }

  /** Decides by how the instances are now. */
  Next next(Function<String, Standing> standings) {
    if (current.isPresent()) {
      String instance = current.get();
      Standing now = standings.apply(instance);
      boolean renewed = now.incarnation() > before;
      if (!renewed || !now.word().equals("ready")) {
        return isBroken(now, renewed)
            ? new Next.Broken(instance, now.word(), List.copyOf(waiting))
            : new Next.Wait();
      }
      current = Optional.empty();
    }
    if (waiting.isEmpty()) {
      return new Next.Done();
    }
    String instance = waiting.remove();
    before = standings.apply(instance).incarnation();
    current = Optional.of(instance);
    return new Next.Restart(instance);
  }

  private static boolean isBroken(Standing now, boolean renewed) {
    return switch (now.state()) {
      case InstanceState.BackingOff _ -> renewed;
      case InstanceState.Frozen _, InstanceState.Stopped _, InstanceState.Gone _ -> true;
      case InstanceState.Starting _, InstanceState.Up _ -> renewed && now.word().equals("frozen");
      case InstanceState.Created _, InstanceState.Stopping _ -> false;
    };
  }
}
