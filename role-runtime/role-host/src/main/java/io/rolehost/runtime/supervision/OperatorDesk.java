package io.rolehost.runtime.supervision;

import io.rolehost.runtime.supervision.Node.Child;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Takes an operator's wishes by the full name of a task, and waits for the answer. */
final class OperatorDesk {

  /** How many names a message lists. */
  private static final int MAX_NAMES = 10;

  private final TaskTree tree;
  private final Map<String, Child> tasks;

  OperatorDesk(TaskTree tree, Map<String, Child> tasks) {
    this.tree = tree;
    this.tasks = tasks;
  }

  TaskAnswer startAgain(String name) {
    Child known = tasks.get(name);
    if (known == null) {
      return unknown(name);
    }
    if (!(known.phase() instanceof Phase.Over)) {
      return TaskAnswer.impossible(
          "Task \"%s\" is %s; only a task that is over can be started again"
              .formatted(name, known.phase().state()));
    }
    try {
      var _ = tree.start(known.group(), known.task);
      return TaskAnswer.done("Task \"" + name + "\" starts again");
    } catch (IllegalStateException | IllegalArgumentException refused) {
      return TaskAnswer.impossible(String.valueOf(refused.getMessage()));
    }
  }

  TaskAnswer ask(Event.Wish wish, String name) {
    Child child = tasks.get(name);
    if (child == null) {
      return unknown(name);
    }
    if (tree.isStopping()) {
      return TaskAnswer.impossible("The role is stopping, and all its tasks with it");
    }
    CompletableFuture<TaskAnswer> reply = new CompletableFuture<>();
    tree.post(new Event.Asked(wish, child, reply));
    try {
      return reply.get(TaskTree.ANSWER.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException _) {
      // Said below.
    }
    return TaskAnswer.impossible("The supervisor of the tasks has not answered within 1 s");
  }

  private TaskAnswer unknown(String name) {
    String known =
        tree.inOrder().map(child -> child.name).limit(MAX_NAMES).collect(Collectors.joining(", "));
    return TaskAnswer.unknown(
        "There is no task \"%s\". The tasks are: %s%s"
            .formatted(name, known, tasks.size() > MAX_NAMES ? ", …" : ""));
  }
}
