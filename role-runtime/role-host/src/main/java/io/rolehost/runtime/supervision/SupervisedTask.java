package io.rolehost.runtime.supervision;

import io.rolehost.api.TaskHandle;
import io.rolehost.runtime.supervision.Node.Child;

/** A task as its owner sees it; made for the owner, the tree keeps none. */
record SupervisedTask(TaskTree tree, Child child) implements TaskHandle {

  @Override
  public String name() {
    return child.name;
  }

  @Override
  public State state() {
    return child.phase().state();
  }

  @Override
  public int attempts() {
    return child.phase().attempt();
  }

  @Override
  public void stop() {
    tree.stop(child);
  }

  @Override
  public String toString() {
    return "SupervisedTask[" + child.name + ", " + state() + "]";
  }
}
