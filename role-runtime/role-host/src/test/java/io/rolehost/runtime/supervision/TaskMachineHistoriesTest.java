package io.rolehost.runtime.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Backoff;
import io.rolehost.api.FatalTaskException;
import io.rolehost.api.OnFailure;
import io.rolehost.api.Restart;
import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskGroup;
import io.rolehost.runtime.supervision.Node.Child;
import io.rolehost.runtime.supervision.Node.Group;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random trees with random faults, in virtual time: what has to hold after every single event. */
final class TaskMachineHistoriesTest {

  private static final int LIVES = 3_000;
  private static final long SECOND = 1_000_000_000L;

  @Test
  void randomLives_inVirtualTime_loseNoTaskAndKeepEveryRule() {
    for (int seed = 0; seed < LIVES; seed++) {
      try {
        new Life(seed).live();
      } catch (RuntimeException | AssertionError broken) {
        throw new AssertionError("seed " + seed, broken);
      }
    }
  }

  @Test
  void sameSeed_sameHistory() {
    for (int seed = 0; seed < 200; seed++) {
      assertEquals(new Life(seed).live(), new Life(seed).live(), "seed " + seed);
    }
  }

  /** One tree from its first start to the end of its stop. */
  private static final class Life {
    private final Random random;
    private final MachineHistory history;
    private final List<Group> groups = new ArrayList<>();
    private final List<String> all = new ArrayList<>();
    private int names;

    Life(int seed) {
      random = new Random(seed);
      history = new MachineHistory(seed);
      groups.add(history.root);
    }

    List<String> live() {
      for (int i = 0; i < 3 + random.nextInt(5); i++) {
        add();
      }
      for (int step = 0; step < 60; step++) {
        step();
        check();
      }
      stop();
      return all;
    }

    private void step() {
      switch (random.nextInt(12)) {
        case 0, 1 -> add();
        case 2, 3, 4, 5 -> endOne();
        case 6 -> acknowledgeOne();
        case 7 -> withOne(child -> history.on(new Event.TaskStopAsked(child)));
        case 8 ->
            withOne(child -> history.on(new Event.Asked(Event.Wish.RESTART, child, new Object())));
        case 9 -> hangOne();
        case 10 -> poison();
        default -> history.move(random.nextInt(20_000));
      }
    }

    private void add() {
      Group group = groups.get(random.nextInt(groups.size()));
      if (group.ended) {
        return;
      }
      if (random.nextInt(4) == 0 && groups.size() < 5) {
        Strategy strategy = oneOf(Strategy.values());
        groups.add(
            history.group(
                group,
                TaskGroup.named("g" + names++)
                    .strategy(strategy)
                    .backoff(Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(5)))));
        return;
      }
      Task task =
          Task.named("t" + names++)
              .body(_ -> {})
              .backoff(
                  random.nextBoolean()
                      ? Backoff.none()
                      : Backoff.exponential(Duration.ofMillis(200), Duration.ofSeconds(10)))
              .budget(1 + random.nextInt(5), Duration.ofMinutes(1))
              .restart(oneOf(Restart.values()))
              .onFailure(IllegalStateException.class, OnFailure.END);
      if (random.nextInt(4) == 0) {
        task = task.startsWithin(Duration.ofSeconds(3));
      }
      if (random.nextInt(6) == 0) {
        task = task.every(Duration.ofSeconds(7));
      }
      if (group != history.root && random.nextInt(6) == 0) {
        task = task.significant();
      }
      history.start(group, task);
    }

    private <T> T oneOf(T[] values) {
      return values[random.nextInt(values.length)];
    }

    private void endOne() {
      withRunning(child -> {
        switch (random.nextInt(8)) {
          case 0, 1 -> history.returns(child);
          case 2 -> history.fails(child, new IllegalStateException("over"));
          case 3 -> {
            if (random.nextInt(10) == 0) {
              history.fails(child, new FatalTaskException("fatal"));
            }
          }
          default -> history.failsProven(child, new IOException("down"));
        }
      });
    }

    private void acknowledgeOne() {
      withRunning(child -> {
        if (child.phase() instanceof Phase.Starting) {
          history.acknowledges(child);
        }
      });
    }

    private void hangOne() {
      withRunning(child -> {
        Throwable cause = new java.util.concurrent.TimeoutException("hung");
        history.on(
            new Event.Hung(child, child.phase().attempt(), AttemptEnd.hung("hung", 0), cause));
      });
    }

    private void poison() {
      List<Child> holders = new ArrayList<>();
      history
          .running
          .keySet()
          .forEach(child -> {
            if (random.nextBoolean()) {
              holders.add(child);
            }
          });
      if (!holders.isEmpty()) {
        history.on(
            new Event.Poisoned(
                "ledger",
                holders.getFirst(),
                holders,
                AttemptEnd.thrown(new IOException("half"), 0).proven(true),
                new IOException("half"),
                () -> {}));
      }
    }

    private void withOne(java.util.function.Consumer<Child> what) {
      List<Child> known = List.copyOf(history.children.values());
      if (!known.isEmpty()) {
        what.accept(known.get(random.nextInt(known.size())));
      }
    }

    private void withRunning(java.util.function.Consumer<Child> what) {
      List<Child> known = List.copyOf(history.running.keySet());
      if (!known.isEmpty()) {
        what.accept(known.get(random.nextInt(known.size())));
      }
    }

    private void check() {
      int living = 0;
      for (Child child : history.children.values()) {
        boolean over = child.phase() instanceof Phase.Over;
        living += over ? 0 : 1;
        assertEquals(
            history.running.containsKey(child),
            child.phase().isUp(),
            () -> child.name + " " + child.phase());
        if (!over) {
          assertTrue(hasAWayOn(child), () -> child.name + " is lost in " + child.phase());
        }
      }
      assertEquals(living, history.machine.living());
      counted(history.root);
      all.addAll(history.news());
    }

    /** Every state has an event or a timer that leads out of it. */
    private boolean hasAWayOn(Child child) {
      return switch (child.phase()) {
        case Phase.Running _ -> true;
        case Phase.Starting _, Phase.Leaving _, Phase.Backoff _, Phase.Resting _ ->
            child.timerSlot != DueTimers.NONE;
        case Phase.Waiting _ -> isHeldBack(child);
        case Phase.Held _ -> isDrained(child) || isAwaitedWithOthers(child);
        case Phase.Over _ -> true;
      };
    }

    private boolean isHeldBack(Node node) {
      for (Node elder = node.previous; elder != null; elder = elder.previous) {
        if (!elder.isSettled()) {
          return true;
        }
      }
      return node.parent != null && isHeldBack(node.parent);
    }

    private boolean isDrained(Child child) {
      for (Group group = child.parent; group != null; group = group.parent) {
        Drain.OfGroup drain = group.draining;
        if (drain != null && !drain.forParent) {
          return drain.outstanding > 0
              || group.timerSlot != DueTimers.NONE
              || group == history.root;
        }
      }
      return false;
    }

    private boolean isAwaitedWithOthers(Child child) {
      return history.running.keySet().stream()
          .anyMatch(other ->
              other.awaitedBy instanceof Drain.OfShared shared && shared.held.contains(child));
    }

    private int counted(Group group) {
      int up = 0;
      int unsettled = 0;
      for (Node node = group.first; node != null; node = node.next) {
        switch (node) {
          case Child child -> {
            up += child.isUp() ? 1 : 0;
            unsettled += child.unsettled ? 1 : 0;
          }
          case Group below -> {
            up += counted(below);
            unsettled += below.unsettled;
          }
        }
      }
      assertEquals(up, group.up, group.name);
      assertEquals(unsettled, group.unsettled, group.name);
      return up;
    }

    private void stop() {
      history.on(new Event.StopAsked(random.nextInt(4) == 0));
      check();
      long end = history.now + 20 * SECOND;
      history.on(new Event.StopEnds(end));
      while (history.machine.living() > 0 && history.now < end) {
        // Some leave when asked, some never do.
        for (Child child : List.copyOf(history.cancelled.keySet())) {
          if (history.running.containsKey(child) && random.nextInt(3) > 0) {
            history.leaves(child);
          }
        }
        history.move(random.nextInt(3_000));
        if (history.machine.living() > 0) {
          check();
        }
      }
      history.moveTo(end);
      assertEquals(0, history.machine.living(), "after the end of the stop");
      all.addAll(history.news());
      assertTrue(all.getLast().endsWith("all left"), all::getLast);
      int launches = all.size();
      history.move(1_000_000);
      assertEquals(List.of(), history.news());
      assertEquals(launches, all.size());
    }
  }
}
