package io.rolehost.runtime.supervision;

import io.rolehost.api.OnPoison;
import io.rolehost.api.Shared;
import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskGroup;
import io.rolehost.api.TaskHandle;
import io.rolehost.api.TaskSupervisor;
import io.rolehost.runtime.supervision.Node.Group;
import java.util.function.Supplier;

/** A group as its users see it. */
final class GroupTasks implements TaskSupervisor {

  private final TaskTree tree;
  private final Group node;

  GroupTasks(TaskTree tree, Group node) {
    this.tree = tree;
    this.node = node;
  }

  Group node() {
    return node;
  }

  @Override
  public TaskHandle start(Task task) {
    return tree.start(node, task);
  }

  @Override
  public TaskSupervisor group(String name, Strategy strategy) {
    return tree.group(node, TaskGroup.named(name).strategy(strategy), false);
  }

  @Override
  public TaskSupervisor group(TaskGroup rules) {
    return tree.group(node, rules, true);
  }

  @Override
  public <T> Shared<T> shared(String name, Supplier<T> fresh, OnPoison then) {
    return tree.shared(name, fresh, then);
  }

  @Override
  public void await() throws InterruptedException {
    tree.await();
  }
}
