package io.rolehost.runtime.supervision;

import static java.util.Objects.requireNonNull;

import io.rolehost.api.Strategy;
import io.rolehost.api.TaskHandle.State;
import io.rolehost.runtime.supervision.Node.Child;
import io.rolehost.runtime.supervision.Node.Group;
import io.rolehost.runtime.supervision.Phase.Then;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides what one task's start, end and failure mean for the others: the order of starts and
 * stops, the strategies of groups, and what a group does as a whole. Part of the {@link
 * TaskMachine}.
 */
final class Siblings {

  private static final long EVERYBODY = Long.MIN_VALUE;

  private final TaskMachine machine;
  private final Group root;
  private final StartOrder order;

  Siblings(TaskMachine machine, Group root) {
    this.machine = machine;
    this.root = root;
    this.order = new StartOrder(machine);
  }

  // ---- starts

  StartOrder order() {
    return order;
  }

  /** Gives a new node its place, and starts it if nobody before it has to be waited for. */
  void add(Node node) {
    Group group = groupOf(node);
    boolean blocked = StartOrder.isBlocked(group, group.last);
    group.append(node);
    switch (node) {
      case Group below -> {
        if (group.draining != null) {
          below.draining = new Drain.OfGroup(below, group.draining.end, true, EVERYBODY, 0);
          below.ended |= group.draining.end;
        }
      }
      case Child child -> {
        if (group.draining != null) {
          order.unsettled(child, true);
          hold(child);
        } else if (blocked) {
          order.unsettled(child, true);
        } else {
          machine.launch(child);
        }
      }
    }
  }

  // ---- failures

  /** A task was granted another attempt; its group's strategy says who starts again with it. */
  void again(Child child, long until) {
    Group group = child.group();
    if (child.awaitedBy instanceof Drain.OfShared shared) {
      shared.until = Math.max(shared.until, until);
      enterHeld(child, until);
    } else if (isEnding(group)) {
      enterHeld(child, until);
    } else if (isDraining(child)) {
      Drain.OfGroup drain = requireNonNull(group.draining);
      drain.until = Math.max(drain.until, until);
      enterHeld(child, until);
      settleDrain(drain);
    } else {
      switch (group.strategy()) {
        case ONE_FOR_ONE -> machine.backOff(child, until);
        case ONE_FOR_ALL -> recover(group, EVERYBODY, until, child);
        case REST_FOR_ONE -> recover(group, child.sequence, until, child);
      }
    }
  }

  /** Whether a task is among those that leave together with others of its group. */
  private static boolean isDraining(Child child) {
    Drain.OfGroup drain = child.group().draining;
    return drain != null && child.sequence >= drain.from;
  }

  /**
   * Whether a group, or one above it, is leaving for good; then so will each member in its turn.
   */
  private static boolean isEnding(Group group) {
    return (group.draining != null && group.draining.end)
        || (group.parent != null && isEnding(group.parent));
  }

  private void recover(Group group, long from, long until, Child failed) {
    enterHeld(failed, until);
    Drain.@Nullable OfGroup known = group.draining;
    if (known == null) {
      drain(new Drain.OfGroup(group, false, false, from, until));
      return;
    }
    // An elder of those who start again failed, too: they all start again with it.
    known.from = Math.min(known.from, from);
    known.until = Math.max(known.until, until);
    advance(known);
  }

  /** A member can't go on by itself: its whole group starts again, or gives up, too. */
  void giveUp(Child child, Decision.GiveUp giveUp, Throwable cause) {
    Decision.GiveUp last = giveUp;
    if (isEnding(child.group())) {
      enterHeld(child, machine.now());
      return;
    }
    for (Group group = child.group(); group.parent != null; group = group.parent) {
      switch (RestartPolicy.decide(
          group.name, group.rules, group.history, last, machine.now(), machine.chance(group))) {
        case Decision.Again(Duration delay, History history) -> {
          group.history = history;
          String why = last.why("group \"" + group.name + "\" starts again as a whole");
          machine.emit(new Effect.GroupRestarted(group, delay, why, cause));
          long until = machine.now() + RestartPolicy.nanos(delay);
          enterHeld(child, until);
          forgive(group);
          drain(new Drain.OfGroup(group, false, false, EVERYBODY, until));
          return;
        }
        case Decision.GiveUp more -> last = more;
        case Decision.Over _, Decision.Escalate _ ->
            throw new IllegalStateException("A group starts again or gives up");
      }
    }
    machine.escalate(new Escalation(giveUp.kind(), child.name, last.why("the role ends"), cause));
    machine.over(child, State.FAILED);
  }

  /** Whoever starts again with its group has its budget afresh. */
  private static void forgive(Group group) {
    for (@Nullable Node node = group.first; node != null; node = node.next) {
      switch (node) {
        case Child child -> child.history = History.NONE;
        case Group below -> {
          below.history = History.NONE;
          forgive(below);
        }
      }
    }
  }

  // ---- leaving together

  /** Ends a group whose significant member ended in order. */
  void endGroup(Group group) {
    group.ended = true;
    drain(new Drain.OfGroup(group, true, false, EVERYBODY, 0));
  }

  /** Ends everything. */
  void stop(boolean atOnce) {
    if (root.ended) {
      tellTheRest(root);
      return;
    }
    root.ended = true;
    Drain.OfGroup all = new Drain.OfGroup(root, true, false, EVERYBODY, 0);
    all.atOnce = atOnce;
    drain(all);
  }

  /** Begins a drain, in place of one that the group may have already. */
  private void drain(Drain.OfGroup drain) {
    Group group = drain.group;
    Drain.@Nullable OfGroup before = group.draining;
    if (before != null && before.end && !drain.end) {
      return;
    }
    machine.disarm(group);
    group.draining = drain;
    advance(drain);
  }

  /** Asks wave after wave, until one has members that have to be waited for. */
  private void advance(Drain.OfGroup drain) {
    while (drain.outstanding == 0 || drain.atOnce) {
      Node node = drain.cursor;
      if (node == null || node.sequence < drain.from) {
        break;
      }
      askWave(drain);
    }
    settleDrain(drain);
  }

  private void askWave(Drain.OfGroup drain) {
    @Nullable Node node = drain.cursor;
    while (node != null && node.sequence >= drain.from) {
      boolean wave = !drain.atOnce && isBarrier(drain.group, node);
      if (wave && drain.outstanding > 0) {
        break;
      }
      drain.cursor = node.previous;
      takeDown(node, drain);
      node = drain.cursor;
    }
    drain.cursor = node;
  }

  /** Whether those who came after a node may rely on it, so that it stays until they have left. */
  private static boolean isBarrier(Group group, Node node) {
    return group.strategy() == Strategy.REST_FOR_ONE
        || (node instanceof Child child && child.task.startsWithin().isPresent());
  }

  private void takeDown(Node node, Drain.OfGroup drain) {
    switch (node) {
      case Child child -> {
        if (drain.end || !TaskMachine.isKept(child)) {
          boolean _ = machine.end(child);
        } else if (child.isUp()) {
          machine.leaving().leave(child, new Then.Hold());
        } else if (!(child.phase() instanceof Phase.Over)) {
          enterHeld(child, drain.until);
        }
      }
      case Group group -> {
        group.ended |= drain.end;
        Drain.OfGroup below = new Drain.OfGroup(group, drain.end, true, EVERYBODY, drain.until);
        below.atOnce = drain.atOnce;
        drain(below);
      }
    }
    if (node.isUp()) {
      await(node, drain);
    }
  }

  private void await(Node node, Drain drain) {
    Drain before = node.awaitedBy;
    node.awaitedBy = drain;
    drain.outstanding++;
    if (before != null && before != drain) {
      noLongerAwaited(before);
    } else if (before == drain) {
      drain.outstanding--;
    }
  }

  private void noLongerAwaited(Drain drain) {
    drain.outstanding--;
    switch (drain) {
      case Drain.OfGroup group -> {
        if (group.group.draining == group) {
          advance(group);
        }
      }
      case Drain.OfShared shared -> settleShared(shared);
    }
  }

  /** Goes on when all members of a drain have left. */
  private void settleDrain(Drain.OfGroup drain) {
    Group group = drain.group;
    if (!drain.isDone() || group.draining != drain || drain.forParent) {
      return;
    }
    if (drain.end) {
      if (group.parent != null) {
        machine.disarm(group);
        group.parent.unlink(group);
        machine.emit(new Effect.GroupEnded(group));
      }
    } else if (drain.until <= machine.now()) {
      revive(group, drain);
    } else {
      machine.arm(group, drain.until);
    }
  }

  /** The pause before a group starts again is over, or a stop has no more time for order. */
  void fire(Group group) {
    if (group == root) {
      tellTheRest(root);
    } else if (group.draining != null) {
      settleDrain(group.draining);
    }
  }

  private void revive(Group group, Drain.OfGroup drain) {
    group.draining = null;
    order.markWaiting(group, drain.from);
    @Nullable Node node = group.first;
    while (node != null && (node.sequence < drain.from || node.isSettled())) {
      node = node.next;
    }
    if (node != null) {
      order.startFirst(node);
    }
  }

  /** A task waits for what it belongs to; one that is not kept is over. */
  void hold(Child child) {
    if (child.phase().attempt() > 0 && !TaskMachine.isKept(child)) {
      machine.over(child, State.DONE);
      return;
    }
    Drain.@Nullable OfGroup drain = child.group().draining;
    enterHeld(child, drain == null ? machine.now() : drain.until);
  }

  private void enterHeld(Child child, long until) {
    machine.disarm(child);
    machine.enter(child, new Phase.Held(child.phase().attempt(), machine.now(), until));
  }

  // ---- up and down

  void cameUp(Child child) {
    for (@Nullable Group group = child.parent; group != null; group = group.parent) {
      group.up++;
    }
  }

  /** A task has no thread any more; what follows for itself comes next, then {@link #afterDown}. */
  void wentDown(Child child) {
    for (@Nullable Group group = child.parent; group != null; group = group.parent) {
      group.up--;
    }
  }

  /** Those who waited for a task to go down go on. */
  void afterDown(Child child) {
    released(child);
    for (@Nullable Group group = child.parent; group != null; group = group.parent) {
      if (group.up == 0) {
        released(group);
      }
    }
  }

  private void released(Node node) {
    Drain drain = node.awaitedBy;
    if (drain != null) {
      node.awaitedBy = null;
      noLongerAwaited(drain);
    }
  }

  /** Takes a task that is over out of its group. */
  void remove(Child child) {
    child.group().unlink(child);
  }

  // ---- a stop that runs out of time

  /** Has those that are asked already leave in time, and plans when the rest is asked. */
  void limitStop() {
    long longest = limit(root, 0);
    if (longest > 0) {
      machine.arm(root, machine.leaving().stopEnd() - TaskMachine.AFTER_INTERRUPT - longest);
    }
  }

  /** Returns the longest stop time of those that were not asked yet. */
  private long limit(Group group, long longest) {
    long found = longest;
    for (@Nullable Node node = group.first; node != null; node = node.next) {
      switch (node) {
        case Child child -> {
          if (child.phase() instanceof Phase.Leaving) {
            machine.leaving().limitLeaving(child);
          } else if (child.isUp()) {
            found = Math.max(found, RestartPolicy.nanos(child.task.stopWithin()));
          }
        }
        case Group below -> found = limit(below, found);
      }
    }
    return found;
  }

  private void tellTheRest(Group group) {
    Drain.@Nullable OfGroup drain = group.draining;
    if (drain != null) {
      drain.atOnce = true;
      for (@Nullable Node node = group.first; node != null; node = node.next) {
        if (node instanceof Group below) {
          tellTheRest(below);
        }
      }
      advance(drain);
    }
  }

  // ---- shared state

  /** The holders leave together, then the state is made afresh, then they start again. */
  void poisoned(Event.Poisoned event) {
    Drain.OfShared drain = new Drain.OfShared(event.shared(), event.renew(), machine.now());
    for (Child holder : event.holders()) {
      boolean runs =
          holder.phase() instanceof Phase.Running || holder.phase() instanceof Phase.Starting;
      if (runs) {
        boolean culprit = holder == event.culprit();
        machine
            .leaving()
            .leave(
                holder,
                culprit
                    ? new Then.Fail(
                        event.end().worked(machine.now() - holder.phase().since()), event.cause())
                    : new Then.Hold());
        drain.held.add(holder);
        await(holder, drain);
      }
    }
    settleShared(drain);
  }

  private void settleShared(Drain.OfShared drain) {
    if (drain.outstanding > 0) {
      return;
    }
    machine.emit(new Effect.Renew(drain.renew));
    for (Child holder : drain.held) {
      if (holder.phase() instanceof Phase.Held && !isDraining(holder)) {
        machine.backOff(holder, drain.until);
      }
    }
  }

  private static Group groupOf(Node node) {
    Group group = node.parent;
    if (group == null) {
      throw new IllegalStateException("The root has no siblings");
    }
    return group;
  }
}
