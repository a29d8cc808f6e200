package io.rolehost.runtime.supervision;

import io.rolehost.runtime.supervision.Node.Child;
import io.rolehost.runtime.supervision.Phase.Then;

/**
 * How attempts are asked to leave, and how long they may take: their own time, less when the stop
 * has less. Part of the {@link TaskMachine}.
 */
final class Leaving {

  private final TaskMachine machine;
  private final boolean limitsOff;
  private long stopEnd = Long.MAX_VALUE;

  Leaving(TaskMachine machine, boolean limitsOff) {
    this.machine = machine;
    this.limitsOff = limitsOff;
  }

  /** The stop has to be over at that time, or sooner. */
  void endsAt(long at) {
    stopEnd = Math.min(stopEnd, at);
  }

  long stopEnd() {
    return stopEnd;
  }

  /** Asks a running attempt to leave; of two reasons the one that ends more counts. */
  void leave(Child child, Then then) {
    switch (child.phase()) {
      case Phase.Starting(int attempt, long _) -> askToLeave(child, attempt, then);
      case Phase.Running(int attempt, long _) -> askToLeave(child, attempt, then);
      case Phase.Leaving(int attempt, long since, Then before, boolean pressed) -> {
        if (!(before instanceof Then.End)) {
          machine.enter(child, new Phase.Leaving(attempt, since, then, pressed));
        }
      }
      case Phase.Waiting _, Phase.Backoff _, Phase.Resting _, Phase.Held _, Phase.Over _ ->
          throw new IllegalStateException(child.name + " has no attempt to leave");
    }
  }

  private void askToLeave(Child child, int attempt, Then then) {
    machine.enter(child, new Phase.Leaving(attempt, machine.now(), then, false));
    machine.emit(new Effect.Cancel(child, attempt));
    machine.disarm(child);
    long own =
        limitsOff ? Long.MAX_VALUE : machine.now() + RestartPolicy.nanos(child.task.stopWithin());
    armWithinStop(child, own, TaskMachine.AFTER_INTERRUPT);
  }

  /** Draws the end of the stop nearer for one that has not left. */
  void limitLeaving(Child child) {
    if (child.phase() instanceof Phase.Leaving leaving) {
      long due = child.timerSlot == DueTimers.NONE ? Long.MAX_VALUE : child.dueAt;
      armWithinStop(child, due, leaving.pressed() ? 0 : TaskMachine.AFTER_INTERRUPT);
    }
  }

  void armWithinStop(Child child, long at, long reserve) {
    long due = stopEnd == Long.MAX_VALUE ? at : Math.min(at, stopEnd - reserve);
    if (due != Long.MAX_VALUE) {
      machine.arm(child, due);
    }
  }
}
