package io.rolehost.node;

import io.rolehost.node.machine.InstanceState;
import io.rolehost.node.process.AotTraining;
import io.rolehost.node.process.Launcher;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Has start-up caches made when all instances of a node stand, so that no start waits for it; and
 * again after others were started. For the node's thread.
 */
final class StartCaches implements AutoCloseable {
  private final Optional<AotTraining> training;
  private long seen;

  /**
   * Begins with none made.
   *
   * @param wanted whether to make any
   * @param told takes sentences for an operator, on another thread
   */
  StartCaches(boolean wanted, Launcher launcher, Consumer<String> told) {
    this.training = wanted ? Optional.of(launcher.training(told)) : Optional.empty();
  }

  void look(List<Supervised> instances) {
    if (training.isEmpty()) {
      return;
    }
    long starts = 0;
    for (Supervised instance : instances) {
      starts += instance.life().incarnation();
      if (!stands(instance.life().state())) {
        return;
      }
    }
    if (starts != seen) {
      seen = starts;
      training.get().make(instances.stream().map(Supervised::role).distinct().toList());
    }
  }

  private static boolean stands(InstanceState state) {
    return switch (state) {
      case InstanceState.Up(boolean ready, _, _) -> ready;
      case InstanceState.Frozen _, InstanceState.Stopped _, InstanceState.Gone _ -> true;
      case InstanceState.Created _,
          InstanceState.Starting _,
          InstanceState.Stopping _,
          InstanceState.BackingOff _ ->
          false;
    };
  }

  @Override
  public void close() {
    training.ifPresent(AotTraining::close);
  }
}
