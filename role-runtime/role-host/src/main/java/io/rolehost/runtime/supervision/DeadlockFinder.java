package io.rolehost.runtime.supervision;

import static java.util.stream.Collectors.toSet;

import io.rolehost.runtime.process.ThreadFacts;
import io.rolehost.runtime.process.ThreadProbe;
import io.rolehost.runtime.process.Ticks;
import io.rolehost.runtime.supervision.WaitGraph.Wait;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks for deadlocks among tasks that stand still. What a look costs, it costs only while a task
 * waits at the same place as in the look before: for a lock of {@code java.util.concurrent} a
 * question to the JVM; for a monitor a dump of all threads, since nothing else tells of the
 * monitors of virtual threads.
 *
 * <p>For one thread.
 */
final class DeadlockFinder {

  private static final System.Logger LOG = System.getLogger(DeadlockFinder.class.getName());

  private static final int MAX_TASKS = 1_000;
  private static final int MAX_LOCKS = 100;
  private static final int MAX_REPORTED = 100;

  /** The pause after the first look that found nothing; it doubles with each that follows. */
  private static final long PAUSE = Duration.ofSeconds(1).toNanos();

  private static final long LONGEST_PAUSE = Duration.ofSeconds(30).toNanos();

  /** A look that found nothing is followed by this many times its length without one. */
  private static final int REST = 20;

  /** Where the facts about monitors come from. */
  @FunctionalInterface
  interface Monitors {

    /**
     * Reads them.
     *
     * @throws IOException if they can't be had; the message says why
     */
    List<ThreadFacts> read() throws IOException;
  }

  private final Ticks ticks;
  private final Monitors monitors;
  private final Set<Deadlock> seenOnce = new HashSet<>();
  private final Map<Deadlock, List<Thread>> reported = new HashMap<>();
  private Map<Thread, Object> places = Map.of();
  private long pause = PAUSE;
  private long notBefore;
  private boolean toldOfMonitors;

  DeadlockFinder(Ticks ticks, Monitors monitors) {
    this.ticks = ticks;
    this.monitors = monitors;
    this.notBefore = ticks.nanos();
  }

  /** Returns the deadlocks that were reported and go on. */
  Collection<Deadlock> current() {
    return reported.keySet();
  }

  /** Forgets what was seen once: it says nothing about now. */
  void forget() {
    seenOnce.clear();
  }

  /**
   * Looks once.
   *
   * @param standing the tasks that make no progress
   * @return the deadlocks that were seen in the look before as well, each once
   */
  List<Deadlock> look(List<StandingTask> standing) {
    reported.values().removeIf(threads -> threads.stream().anyMatch(thread -> !waits(thread)));
    List<StandingTask> waiting = standing.size() < 2 ? List.of() : stayed(standing);
    if (waiting.isEmpty() || reported.size() == MAX_REPORTED) {
      forget();
      pause = PAUSE;
      return List.of();
    }
    long now = ticks.nanos();
    if (now - notBefore < 0) {
      return List.of();
    }
    List<Deadlock> found = find(waiting);
    List<Deadlock> confirmed = found.stream().filter(seenOnce::contains).toList();
    seenOnce.clear();
    found.stream().filter(each -> !confirmed.contains(each)).forEach(seenOnce::add);
    confirmed.forEach(each -> reported.put(each, threadsOf(each, waiting)));
    rest(now, !found.isEmpty());
    return confirmed;
  }

  private void rest(long begun, boolean found) {
    long done = ticks.nanos();
    if (found) {
      notBefore = done;
      pause = PAUSE;
    } else {
      notBefore = done + Math.max(pause, REST * (done - begun));
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
  }

  /** Returns those that wait for a lock at the same place as in the look before. */
  private List<StandingTask> stayed(List<StandingTask> standing) {
    Set<Thread> known = reported.values().stream().flatMap(List::stream).collect(toSet());
    Map<Thread, Object> now = new HashMap<>();
    List<StandingTask> stayed = new ArrayList<>();
    for (StandingTask task : standing) {
      Thread thread = task.thread();
      if (now.size() < MAX_TASKS && waits(thread) && !known.contains(thread)) {
        Object place =
            lockOf(thread).<Object>map(lock -> lock).orElseGet(() -> StalledBody.stackOf(thread));
        now.put(thread, place);
        if (place.equals(places.get(thread))) {
          stayed.add(task);
        }
      }
    }
    places = now;
    return stayed;
  }

  /** A wait with an end of its own is none that lasts for ever. */
  private static boolean waits(Thread thread) {
    return thread.getState() == Thread.State.BLOCKED || lockOf(thread).isPresent();
  }

  private static Optional<AbstractOwnableSynchronizer> lockOf(Thread thread) {
    return thread.getState() == Thread.State.WAITING
            && LockSupport.getBlocker(thread) instanceof AbstractOwnableSynchronizer lock
        ? Optional.of(lock)
        : Optional.empty();
  }

  private static List<Thread> threadsOf(Deadlock deadlock, List<StandingTask> waiting) {
    Set<Long> members =
        deadlock.members().stream().map(member -> member.body().threadId()).collect(toSet());
    return waiting.stream()
        .map(StandingTask::thread)
        .filter(thread -> members.contains(thread.threadId()))
        .toList();
  }

  private List<Deadlock> find(List<StandingTask> waiting) {
    Map<Long, ThreadFacts> dump = dump(waiting);
    List<Wait> waits = new ArrayList<>(WaitGraph.monitorWaits(List.copyOf(dump.values())));
    waits.addAll(lockWaits(waiting));
    Map<Long, StandingTask> tasks = new HashMap<>();
    waiting.forEach(task -> tasks.put(task.thread().threadId(), task));
    return WaitGraph.cycles(waits).stream()
        .filter(cycle -> cycle.stream().anyMatch(wait -> tasks.containsKey(wait.waiter())))
        .map(cycle -> deadlock(cycle, tasks, dump))
        .toList();
  }

  private Map<Long, ThreadFacts> dump(List<StandingTask> waiting) {
    Map<Long, ThreadFacts> byId = new HashMap<>();
    if (waiting.stream().anyMatch(task -> task.thread().getState() == Thread.State.BLOCKED)) {
      try {
        monitors.read().forEach(thread -> byId.put(thread.id(), thread));
      } catch (IOException | RuntimeException e) {
        if (!toldOfMonitors) {
          toldOfMonitors = true;
          LOG.log(
              Level.WARNING,
              "Deadlocks of monitors can't be found, those of locks can: " + e.getMessage());
        }
      }
    }
    return byId;
  }

  private List<Wait> lockWaits(List<StandingTask> waiting) {
    Map<AbstractOwnableSynchronizer, OptionalLong> owners = new HashMap<>();
    List<Wait> waits = new ArrayList<>();
    for (StandingTask task : waiting) {
      Optional<AbstractOwnableSynchronizer> lock = lockOf(task.thread());
      if (lock.isPresent() && (owners.size() < MAX_LOCKS || owners.containsKey(lock.get()))) {
        owners
            .computeIfAbsent(lock.get(), ThreadProbe::lockOwner)
            .ifPresent(owner ->
                waits.add(
                    new Wait(
                        task.thread().threadId(),
                        owner,
                        Objects.toIdentityString(lock.get()),
                        false)));
      }
    }
    return waits;
  }

  private static Deadlock deadlock(
      List<Wait> cycle, Map<Long, StandingTask> tasks, Map<Long, ThreadFacts> dump) {
    return new Deadlock(
        cycle.stream()
            .map(wait ->
                new Deadlock.Member(
                    bodyOf(wait.waiter(), tasks, dump),
                    (wait.monitor() ? "monitor " : "lock ") + wait.lock()))
            .toList(),
        !cycle.stream().allMatch(Wait::monitor));
  }

  private static StalledBody bodyOf(
      long thread, Map<Long, StandingTask> tasks, Map<Long, ThreadFacts> dump) {
    StandingTask task = tasks.get(thread);
    if (task != null) {
      return StalledBody.of(task);
    }
    ThreadFacts facts = dump.get(thread);
    return facts == null
        ? new StalledBody(thread, "", Optional.empty(), 0, List.of())
        : new StalledBody(thread, facts.name(), Optional.empty(), 0, facts.stack());
  }
}
