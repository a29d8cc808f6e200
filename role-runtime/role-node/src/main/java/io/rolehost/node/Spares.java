package io.rolehost.node;

import io.rolehost.node.control.RunFile;
import io.rolehost.node.machine.SpareRule;
import io.rolehost.node.process.Child;
import io.rolehost.node.process.Launcher;
import io.rolehost.node.process.RoleHashes;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.runtime.process.Ticks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The hot spares of a node's instances: started one at a time once an instance has settled,
 * promoted in place of a start, dropped when they would start something else than is wanted. All
 * methods are for the node's thread but {@link #standing}.
 */
final class Spares {
  private static final Duration STANDS_WITHIN = Duration.ofMinutes(2);
  private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();

  private final Path stateDir;
  private final Launcher launcher;
  private final Ticks ticks;
  private final Around around;
  private final SpareRule rule = SpareRule.standard();
  private final Map<Supervised, Spare> spares = new ConcurrentHashMap<>();
  private final Map<Supervised, Long> failed = new HashMap<>();
  private final Set<Spare> ending = new HashSet<>();
  private long last;

  /** The node around the spares. */
  interface Around {

    /** Runs something on the node's thread; from any thread. */
    void onNode(Runnable action);

    /** A process that was a spare once has ended. */
    void ended(Supervised instance, long incarnation, int code);

    /** Prints a line of a child's; from any thread. */
    void print(Supervised instance, String line);

    /** Tells an operator. */
    void tell(String sentence);
  }

  /** One spare. */
  private static final class Spare {
    private final Supervised instance;
    private final RoleSpec role;
    private final RoleHashes hashes;
    private final long number;
    private final long startedAt;
    private @Nullable Child child;
    private volatile boolean stands;
    private long promotedAs;

    Spare(Supervised instance, RoleHashes hashes, long number, long startedAt) {
      this.instance = instance;
      this.role = instance.role();
      this.hashes = hashes;
      this.number = number;
      this.startedAt = startedAt;
    }
  }

  Spares(Path stateDir, Launcher launcher, Ticks ticks, Around around) {
    this.stateDir = stateDir;
    this.launcher = launcher;
    this.ticks = ticks;
    this.around = around;
  }

  /** An instance has taken a step: its spare goes at once if it does not keep it. */
  void stepped(Supervised instance) {
    @Nullable Spare spare = spares.get(instance);
    if (spare != null && !rule.keeps(instance.life())) {
      drop(spare);
    }
  }

  /** Starts what is due and ends what does not get ready. */
  void look(List<Supervised> instances) {
    long now = ticks.nanos();
    for (Spare spare : List.copyOf(spares.values())) {
      if (!spare.stands && now - spare.startedAt > STANDS_WITHIN.toNanos()) {
        failed.put(spare.instance, now);
        around.tell("! " + spare.instance.id() + ": its hot spare does not get ready; dropped");
        drop(spare);
      }
    }
    for (Supervised instance : instances) {
      OptionalLong due = due(instance);
      if (due.isPresent() && due.getAsLong() - now <= 0) {
        begin(instance, now);
      }
    }
  }

  /** Returns when {@link #look} has something to do, in monotonic nanoseconds. */
  OptionalLong due(Supervised instance) {
    // One boots at a time: it takes a processor that others may need.
    boolean busy = spares.values().stream().anyMatch(spare -> !spare.stands);
    if (!instance.role().hotSpare() || spares.containsKey(instance) || busy) {
      return OptionalLong.empty();
    }
    @Nullable Long before = failed.get(instance);
    return rule.due(
        instance.life(), before == null ? OptionalLong.empty() : OptionalLong.of(before));
  }

  private void begin(Supervised instance, long now) {
    Spare spare = new Spare(instance, launcher.hashesOf(instance.release()), ++last, now);
    try {
      Child child =
          launcher.startSpare(
              instance.role(),
              instance.number(),
              spare.number,
              line -> around.print(instance, line),
              code -> around.onNode(() -> ended(spare, code)));
      spare.child = child;
      spares.put(instance, spare);
      Thread.ofVirtual().name("spare-" + instance.id()).start(() -> awaitStanding(spare, child));
    } catch (IOException e) {
      failed.put(instance, now);
      around.tell("! " + instance.id() + ": no hot spare can be started: " + e.getMessage());
    }
  }

  private void awaitStanding(Spare spare, Child child) {
    while (child.isAlive() && !spare.stands) {
      Optional<RunFile> file = RunFile.read(stateDir, spare.instance.id() + ".standby");
      if (file.isPresent() && file.get().pid() == child.pid()) {
        spare.stands = true;
        around.onNode(() -> {}); // the next one may be due
      } else {
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  /**
   * Makes a spare the process of its instance. One that still boots is further than a new one.
   *
   * @return empty if there is none, or it would start something else than is wanted now
   */
  Optional<Child> promote(Supervised instance, long incarnation) {
    @Nullable Spare spare = spares.get(instance);
    if (spare == null || spare.child == null) {
      return Optional.empty();
    }
    if (!spare.role.equals(instance.role())
        || !spare.hashes.equals(launcher.hashesOf(instance.release()))) {
      drop(spare);
      return Optional.empty();
    }
    try {
      launcher.promote(spare.child, spare.role, instance.number(), incarnation);
    } catch (IOException e) {
      drop(spare); // it has just died
      return Optional.empty();
    }
    spare.promotedAs = incarnation;
    spares.remove(instance);
    return Optional.of(spare.child);
  }

  private void drop(Spare spare) {
    spares.remove(spare.instance);
    ending.add(spare);
    if (spare.child != null) {
      spare.child.killTree();
    }
  }

  private void ended(Spare spare, int code) {
    if (spare.promotedAs > 0) {
      around.ended(spare.instance, spare.promotedAs, code);
      return;
    }
    launcher.killLeftovers(
        spare.role, spare.instance.number(), Optional.of(Long.toString(spare.number)));
    if (!ending.remove(spare)) {
      spares.remove(spare.instance);
      failed.put(spare.instance, ticks.nanos());
      around.tell(
          "! "
              + spare.instance.id()
              + ": its hot spare ended with "
              + code
              + "; its output says why");
    }
  }

  /** Returns whether no process is left. */
  boolean none() {
    return spares.isEmpty() && ending.isEmpty();
  }

  /** Returns the process that stands by for an instance; from any thread. */
  Optional<Long> standing(Supervised instance) {
    @Nullable Spare spare = spares.get(instance);
    // Who asks may have seen the step already that is about to drop it.
    return spare != null && spare.stands && spare.child != null && rule.keeps(instance.life())
        ? Optional.of(spare.child.pid())
        : Optional.empty();
  }
}
