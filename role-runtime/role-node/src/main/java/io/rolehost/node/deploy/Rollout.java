package io.rolehost.node.deploy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The renewal of instances, wave after wave: a ready one leaves only while fewer of its role than
 * allowed are down, whatever for; a wave begins when all of the waves before it are ready. It ends
 * at the first instance that does not come up, so that a bad build takes one instance and not all.
 *
 * <p>An immutable value. Whoever drives it shows it how the instances are, again and again, and
 * performs what it says.
 */
public final class Rollout {
  // Also a process that ends only to be started again at once is bad if it does so all the time.
  private static final int MOST_ENDS = 3;

  /** How far one instance is. */
  private sealed interface Progress {

    /** Not touched yet. */
    record Untouched() implements Progress {}

    /**
     * Told to go; not ready again yet.
     *
     * @param before its incarnation then
     * @param frozen whether it had no process then because of a freeze
     */
    record Going(long before, boolean frozen) implements Progress {}

    /**
     * It was ready after it was renewed.
     *
     * @param incarnation the latest of which that is known
     * @param ends how many of its processes have ended since
     */
    record Up(long incarnation, int ends) implements Progress {}

    /** It needs no process now; its next one will be the renewed one. */
    record Later() implements Progress {}
  }

  /** What follows. */
  public sealed interface Outcome {

    /** Nothing yet: it goes on. */
    record Running() implements Outcome {}

    /** All are renewed, and ready but for those that need no process now. */
    record Done() implements Outcome {}

    /**
     * It went no further.
     *
     * @param instance what it ended at
     * @param why how that is, and by what it ended
     * @param renewed all that were touched, in their order
     * @param untouched what is as it was
     */
    record Broken(String instance, String why, List<String> renewed, List<String> untouched)
        implements Outcome {

      /** Takes copies of the lists. */
      public Broken {
        renewed = List.copyOf(renewed);
        untouched = List.copyOf(untouched);
      }
    }
  }

  /**
   * A decision.
   *
   * @param rollout as it is now
   * @param renew which instances go now
   */
  public record Step(Rollout rollout, List<String> renew, Outcome outcome) {}

  private final List<Wave> waves;
  private final Map<String, Progress> progress;
  private final Duration patience;
  private final long since;

  private Rollout(List<Wave> waves, Map<String, Progress> progress, Duration patience, long since) {
    this.waves = waves;
    this.progress = progress;
    this.patience = patience;
    this.since = since;
  }

  /**
   * Begins one.
   *
   * @param waves in their order; an instance is in one of them only
   * @param patience how long nothing may come of it before it is broken off
   * @param nanos the monotonic time
   */
  public static Rollout of(List<Wave> waves, Duration patience, long nanos) {
    Map<String, Progress> progress = new LinkedHashMap<>();
    for (Wave wave : waves) {
      wave.instances().forEach(id -> progress.put(id, new Progress.Untouched()));
    }
    return new Rollout(List.copyOf(waves), progress, patience, nanos);
  }

  /**
   * Returns the way back of what a rollout has touched, in the reverse of its waves, what is down
   * first.
   *
   * @param now how the instances are
   */
  public Rollout back(List<String> touched, Map<String, Standing> now, long nanos) {
    List<Wave> down = new ArrayList<>();
    List<Wave> up = new ArrayList<>();
    for (Wave wave : waves.reversed()) {
      List<String> ids = wave.instances().reversed().stream().filter(touched::contains).toList();
      add(down, wave, ids.stream().filter(id -> !isReady(now, id)).toList());
      add(up, wave, ids.stream().filter(id -> isReady(now, id)).toList());
    }
    down.addAll(up);
    return of(down, patience, nanos);
  }

  private static void add(List<Wave> waves, Wave like, List<String> ids) {
    if (!ids.isEmpty()) {
      waves.add(new Wave(like.role(), like.atMost(), ids));
    }
  }

  private static boolean isReady(Map<String, Standing> now, String id) {
    Standing standing = now.get(id);
    return standing != null && standing.kind() == Standing.Kind.READY;
  }

  /** Returns the instances in the order in which they go. */
  public List<String> instances() {
    return List.copyOf(progress.keySet());
  }

  /** Returns how many instances are renewed. */
  public int renewed() {
    int count = 0;
    for (Progress each : progress.values()) {
      count += each instanceof Progress.Up || each instanceof Progress.Later ? 1 : 0;
    }
    return count;
  }

  /** Returns when {@link #next} would break off unless something happens. */
  public long brokenOffAt() {
    return since + patience.toNanos();
  }

  /**
   * Decides by how the instances are now.
   *
   * @param now every instance of the node by its id; one that is missing has left for good
   * @param nanos the monotonic time
   */
  public Step next(Map<String, Standing> now, long nanos) {
    Map<String, Progress> seen = new LinkedHashMap<>(progress);
    for (Map.Entry<String, Progress> entry : seen.entrySet()) {
      Standing standing = now.get(entry.getKey());
      if (standing == null) {
        entry.setValue(new Progress.Later());
        continue;
      }
      Optional<Progress> after = seen(entry.getValue(), standing);
      if (after.isEmpty()) {
        return broken(entry.getKey(), standing.told());
      }
      entry.setValue(after.get());
    }
    Optional<Wave> current = waves.stream().filter(wave -> !isOver(wave, seen, now)).findFirst();
    if (current.isEmpty()) {
      return new Step(after(seen, nanos), List.of(), new Outcome.Done());
    }
    List<String> renew = leaving(current.get(), seen, now);
    for (String id : renew) {
      Standing standing = now.get(id);
      if (standing != null) {
        boolean frozen = standing.kind() == Standing.Kind.FROZEN;
        seen.put(id, new Progress.Going(standing.incarnation(), frozen));
      }
    }
    if (seen.equals(progress)) {
      Optional<Step> stuck = stuck(current.get(), seen, now, nanos);
      if (stuck.isPresent()) {
        return stuck.get();
      }
    }
    return new Step(after(seen, nanos), renew, new Outcome.Running());
  }

  private Rollout after(Map<String, Progress> seen, long nanos) {
    return new Rollout(waves, seen, patience, seen.equals(progress) ? since : nanos);
  }

  /** Returns how far an instance is by now; empty if it does not come up. */
  private static Optional<Progress> seen(Progress before, Standing now) {
    return switch (before) {
      case Progress.Untouched _, Progress.Later _ -> Optional.of(before);
      case Progress.Going going -> seenGoing(going, now);
      case Progress.Up up -> seenUp(up, now);
    };
  }

  private static Optional<Progress> seenGoing(Progress.Going going, Standing now) {
    boolean renewed = now.incarnation() > going.before();
    boolean ended = now.incarnation() > going.before() + 1;
    return switch (now.kind()) {
      case READY -> Optional.of(renewed ? new Progress.Up(now.incarnation(), 0) : going);
      case SETTLING, COMING -> ended ? Optional.empty() : Optional.of(going);
      case WAITING, HELD, GONE -> renewed ? Optional.empty() : Optional.of(going);
      case FROZEN -> going.frozen() ? Optional.of(new Progress.Later()) : Optional.empty();
      case NEW -> Optional.of(going);
      case NOT_WANTED -> Optional.of(renewed ? new Progress.Later() : going);
    };
  }

  /** Any process may end once; one that ends again, or without having been ready, is bad. */
  private static Optional<Progress> seenUp(Progress.Up up, Standing now) {
    long since = now.incarnation() - up.incarnation();
    return switch (now.kind()) {
      case READY -> {
        if (since == 0) {
          yield Optional.of(up);
        }
        yield up.ends() < MOST_ENDS
            ? Optional.of(new Progress.Up(now.incarnation(), up.ends() + 1))
            : Optional.empty();
      }
      case SETTLING, COMING ->
          since > 1 || (since > 0 && up.ends() > 0) ? Optional.empty() : Optional.of(up);
      case WAITING -> since > 0 || up.ends() > 0 ? Optional.empty() : Optional.of(up);
      case HELD, FROZEN, GONE -> Optional.empty();
      case NEW, NOT_WANTED -> Optional.of(new Progress.Later());
    };
  }

  private static boolean isOver(Wave wave, Map<String, Progress> seen, Map<String, Standing> now) {
    return wave.instances().stream()
        .allMatch(id ->
            switch (progressOf(seen, id)) {
              case Progress.Later _ -> true;
              case Progress.Up _ -> isReady(now, id);
              case Progress.Untouched _, Progress.Going _ -> false;
            });
  }

  private static Progress progressOf(Map<String, Progress> seen, String id) {
    Progress known = seen.get(id);
    return known == null ? new Progress.Later() : known;
  }

  /** Returns who leaves now: whoever is down, and as many of the others as may be. */
  private static List<String> leaving(
      Wave wave, Map<String, Progress> seen, Map<String, Standing> now) {
    List<String> leaving = new ArrayList<>();
    long down = down(wave.role(), now);
    // Who was told to go may not have begun to: it is ready still, and as good as down.
    for (Map.Entry<String, Progress> entry : seen.entrySet()) {
      Standing standing = now.get(entry.getKey());
      if (entry.getValue() instanceof Progress.Going
          && standing != null
          && standing.role().equals(wave.role())
          && !standing.isDown()) {
        down++;
      }
    }
    for (String id : wave.instances()) {
      Standing standing = now.get(id);
      if (standing == null || !(progressOf(seen, id) instanceof Progress.Untouched)) {
        continue;
      }
      if (!standing.serves()) {
        leaving.add(id);
        // One of which nobody was missing takes a place while it starts.
        down += standing.isDown() ? 0 : 1;
      } else if (down < wave.atMost()) {
        leaving.add(id);
        down++;
      }
    }
    return leaving;
  }

  private static long down(String role, Map<String, Standing> now) {
    return now.values().stream()
        .filter(standing -> standing.role().equals(role) && standing.isDown())
        .count();
  }

  /** Returns the end of a rollout that can't go on: nobody will come back by waiting. */
  private Optional<Step> stuck(
      Wave wave, Map<String, Progress> seen, Map<String, Standing> now, long nanos) {
    boolean under = seen.values().stream().anyMatch(each -> each instanceof Progress.Going);
    List<String> lasting =
        now.entrySet().stream()
            .filter(entry ->
                entry.getValue().role().equals(wave.role()) && entry.getValue().staysDown())
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    if (!under && lasting.size() >= wave.atMost()) {
      String id = lasting.getFirst();
      Standing standing = now.get(id);
      return Optional.of(
          broken(
              id,
              (standing == null ? "" : standing.told() + ", and ")
                  + "no more than "
                  + wave.atMost()
                  + " of the role may be down at once"));
    }
    if (nanos - brokenOffAt() < 0) {
      return Optional.empty();
    }
    return seen.keySet().stream()
        .filter(id -> now.containsKey(id) && !isReady(now, id))
        .findFirst()
        .or(() -> wave.instances().stream().findFirst())
        .map(id -> {
          Standing standing = now.get(id);
          return broken(
              id,
              (standing == null ? "" : standing.told() + ", ")
                  + "and nothing came of it in "
                  + patience.toSeconds()
                  + " s");
        });
  }

  private Step broken(String instance, String why) {
    List<String> renewed = new ArrayList<>();
    List<String> untouched = new ArrayList<>();
    progress.forEach(
        (id, each) -> (each instanceof Progress.Untouched ? untouched : renewed).add(id));
    return new Step(this, List.of(), new Outcome.Broken(instance, why, renewed, untouched));
  }
}
