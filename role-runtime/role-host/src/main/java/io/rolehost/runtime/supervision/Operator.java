package io.rolehost.runtime.supervision;

import io.rolehost.api.TaskHandle.State;
import io.rolehost.runtime.supervision.Node.Child;
import io.rolehost.runtime.supervision.Phase.Then;

/** What an operator may do to one task. Part of the {@link TaskMachine}. */
final class Operator {

  private final TaskMachine machine;

  Operator(TaskMachine machine) {
    this.machine = machine;
  }

  TaskAnswer answer(Event.Wish wish, Child child) {
    return switch (wish) {
      case RESTART -> restart(child);
      case STOP -> stop(child);
    };
  }

  private TaskAnswer restart(Child child) {
    String name = "Task \"" + child.name + "\" ";
    return switch (child.phase()) {
      case Phase.Starting _, Phase.Running _ -> {
        child.history = History.NONE;
        machine.leaving().leave(child, new Then.Again());
        yield TaskAnswer.done(name + "was asked to leave and starts again");
      }
      case Phase.Backoff _, Phase.Resting _ -> {
        child.history = History.NONE;
        machine.launch(child);
        yield TaskAnswer.done(name + "starts now");
      }
      case Phase.Waiting _ ->
          TaskAnswer.impossible(name + "waits for an earlier sibling to acknowledge its start");
      case Phase.Held _ ->
          TaskAnswer.impossible(name + "starts again soon, together with its group");
      case Phase.Leaving _ -> TaskAnswer.impossible(name + "is just leaving");
      case Phase.Over(int _, long _, State how) ->
          TaskAnswer.impossible(name + "is " + how + "; start it again instead");
    };
  }

  private TaskAnswer stop(Child child) {
    return machine.end(child)
        ? TaskAnswer.done("Task \"" + child.name + "\" was asked to leave for good")
        : TaskAnswer.impossible(
            "Task \"" + child.name + "\" is " + child.phase().state() + " already");
  }
}
