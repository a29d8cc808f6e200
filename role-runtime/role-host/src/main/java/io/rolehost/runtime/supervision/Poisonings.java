package io.rolehost.runtime.supervision;

import io.rolehost.api.CorruptionException;
import io.rolehost.runtime.supervision.Node.Child;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the machine of poisoned shared state, and who has used it. */
final class Poisonings {

  private final TaskTree tree;

  Poisonings(TaskTree tree) {
    this.tree = tree;
  }

  void corrupted(SharedState<?> state, Throwable failure, CorruptionException corruption) {
    tree.post(new Event.Corrupted(state.name(), AttemptEnd.textOf(corruption), corruption));
  }

  void poisoned(SharedState<?> state, Throwable failure, CorruptionException corruption) {
    Thread caller = Thread.currentThread();
    List<Attempt> holders =
        tree.attempts().filter(held -> held.thread != null && state.isHeldBy(held.thread)).toList();
    @Nullable Child culprit =
        holders.stream()
            .filter(held -> held.thread == caller)
            .map(held -> held.child)
            .findFirst()
            .orElse(null);
    AttemptEnd end =
        culprit == null
            ? AttemptEnd.thrown(corruption, 0)
            : new AttemptEnd(
                AttemptEnd.kindOf(failure, culprit.task), AttemptEnd.textOf(corruption), 0);
    tree.post(
        new Event.Poisoned(
            state.name(),
            culprit,
            holders.stream().map(held -> held.child).toList(),
            end,
            corruption,
            state::renew));
  }
}
