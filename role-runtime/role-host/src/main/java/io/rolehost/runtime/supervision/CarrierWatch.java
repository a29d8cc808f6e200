package io.rolehost.runtime.supervision;

import io.rolehost.runtime.process.Carriers;
import io.rolehost.runtime.process.ThreadProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds the bodies that keep their carriers. One look proves nothing: a thread that pauses often is
 * seen on a carrier as well, and on a machine with few of them now and then several times in a row
 * on the same. So whoever is to be named is watched closely before, for a moment.
 *
 * <p>For one thread.
 */
final class CarrierWatch {

  private static final int MAX_TASKS = 10_000;

  /** Looks in a row before a body is named, when others starve and when they don't. */
  private static final int LOOKS_STARVING = 3;

  private static final int LOOKS = 5;

  /** How often one is looked at who is to be named, and how far apart. */
  private static final int CLOSE_LOOKS = 50;

  private static final long CLOSE_PAUSE = Duration.ofMillis(5).toNanos();

  /** What is known of one thread. */
  private record Stay(String carrier, int looks, long since, OptionalLong cpuAtFirst) {}

  /** A task that may be the one. */
  private record Candidate(StandingTask task, HeldCarrier holder) {

    boolean isThere() {
      return task.thread().getState() == Thread.State.RUNNABLE
          && Carriers.carrierOf(task.thread()).equals(Optional.of(holder.carrier()));
    }
  }

  private final Map<Thread, Stay> stays = new HashMap<>();
  private final Map<Thread, HeldCarrier> reported = new HashMap<>();

  /** Returns what was reported and goes on. */
  Collection<HeldCarrier> current() {
    return reported.values();
  }

  /** Forgets what was seen before: it says nothing about now. */
  void forget() {
    stays.clear();
  }

  /**
   * Looks once.
   *
   * @param starving whether no virtual thread gets a carrier
   * @param tasks those that may be to blame: all when others starve, else those that stand still
   * @param now a reading of ticks
   * @return who was found, each once
   */
  List<HeldCarrier> look(boolean starving, List<StandingTask> tasks, long now) {
    reported
        .entrySet()
        .removeIf(known ->
            !Carriers.carrierOf(known.getKey()).equals(Optional.of(known.getValue().carrier())));
    Map<Thread, Stay> before = Map.copyOf(stays);
    stays.clear();
    List<Candidate> candidates = new ArrayList<>();
    tasks.stream()
        .filter(task -> task.thread().isVirtual() && !reported.containsKey(task.thread()))
        .filter(task -> task.thread().getState() == Thread.State.RUNNABLE)
        .limit(MAX_TASKS)
        .forEach(task ->
            Carriers.carrierOf(task.thread())
                .ifPresent(carrier -> {
                  Stay stay = next(Optional.ofNullable(before.get(task.thread())), carrier, now);
                  stays.put(task.thread(), stay);
                  judge(stay, task, starving, now)
                      .ifPresent(holder -> candidates.add(new Candidate(task, holder)));
                }));
    watchClosely(candidates);
    candidates.forEach(each -> reported.put(each.task().thread(), each.holder()));
    return candidates.stream().map(Candidate::holder).toList();
  }

  /** Strikes off those that leave their carrier, be it for a moment; there is nobody as a rule. */
  private static void watchClosely(List<Candidate> candidates) {
    for (int i = 0; i < CLOSE_LOOKS && !candidates.isEmpty(); i++) {
      LockSupport.parkNanos(CLOSE_PAUSE);
      candidates.removeIf(candidate -> !candidate.isThere());
    }
  }

  private static Stay next(Optional<Stay> before, String carrier, long now) {
    return before
        .filter(stay -> stay.carrier().equals(carrier))
        .map(stay -> new Stay(carrier, stay.looks() + 1, stay.since(), stay.cpuAtFirst()))
        .orElseGet(() -> new Stay(carrier, 1, now, ThreadProbe.cpuNanos(carrier)));
  }

  private static Optional<HeldCarrier> judge(
      Stay stay, StandingTask task, boolean starving, long now) {
    if (stay.looks() < (starving ? LOOKS_STARVING : LOOKS)) {
      return Optional.empty();
    }
    Duration held = Duration.ofNanos(now - stay.since());
    OptionalInt percent = percent(stay, held);
    StalledBody body = StalledBody.of(task);
    // With carriers to spare, only what computes outside of compute(…) does any harm.
    boolean harmless =
        !starving
            && (percent.isEmpty()
                || percent.getAsInt() < HeldCarrier.SPINS_PERCENT
                || computes(body.stack()));
    if (harmless) {
      return Optional.empty();
    }
    return Optional.of(new HeldCarrier(body, stay.carrier(), held, percent, starving));
  }

  private static OptionalInt percent(Stay stay, Duration held) {
    OptionalLong cpu = ThreadProbe.cpuNanos(stay.carrier());
    return cpu.isEmpty() || stay.cpuAtFirst().isEmpty() || held.isZero()
        ? OptionalInt.empty()
        : OptionalInt.of(
            (int) ((cpu.getAsLong() - stay.cpuAtFirst().getAsLong()) * 100 / held.toNanos()));
  }

  private static boolean computes(List<String> stack) {
    String frame = ComputePermits.class.getName() + ".compute(";
    return stack.stream().anyMatch(line -> line.contains(frame));
  }
}
