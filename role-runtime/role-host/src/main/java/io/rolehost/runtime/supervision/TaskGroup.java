package io.rolehost.runtime.supervision;

import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskHandle;
import io.rolehost.api.TaskSupervisor;

/** A named part of a tree. Its tasks are those of the tree whose names begin with its path. */
record TaskGroup(TaskTree tree, String path, Strategy strategy) implements TaskSupervisor {

  @Override
  public TaskHandle start(Task task) {
    return tree.start(path + "/" + task.name(), task);
  }

  @Override
  public TaskSupervisor group(String name, Strategy below) {
    return tree.groupAt(path + "/" + name, name, below);
  }

  @Override
  public void await() throws InterruptedException {
    tree.await();
  }
}
