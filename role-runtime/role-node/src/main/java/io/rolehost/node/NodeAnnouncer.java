package io.rolehost.node;

import io.rolehost.node.machine.InstanceState;
import io.rolehost.runtime.process.SystemdNotify;
import io.rolehost.runtime.process.Ticks;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Consumer;

/**
 * Tells systemd how a node is: READY=1 once the first start of each instance has come to something,
 * STATUS=, signs of life from the node's own thread, STOPPING=1, and more time while it starts or
 * stops. Does nothing where nobody listens. Used by the node's thread alone, which is never held up
 * longer than a full socket takes.
 */
final class NodeAnnouncer {
  private static final Duration MORE_TIME_EVERY = Duration.ofSeconds(10);
  private static final long MICROS = 1_000;

  private final Consumer<String> systemd;
  private final boolean active;
  private final Optional<Duration> watchdog;
  private final Ticks ticks;
  private final FirstStarts firstStarts = new FirstStarts();
  private boolean ready;
  private boolean stopping;
  private String status = "";
  private long lastSign;
  private long lastMoreTime;

  NodeAnnouncer(
      boolean active, Optional<Duration> watchdog, Consumer<String> systemd, Ticks ticks) {
    this.active = active;
    this.watchdog = watchdog;
    this.systemd = systemd;
    this.ticks = ticks;
    this.lastSign = ticks.nanos();
    this.lastMoreTime = ticks.nanos();
  }

  /** Returns one that says nothing. */
  static NodeAnnouncer silent(Ticks ticks) {
    return new NodeAnnouncer(false, Optional.empty(), _ -> {}, ticks);
  }

  /**
   * Speaks to the socket of the environment, if there is one.
   *
   * @param problems is told once why systemd does not hear
   */
  static NodeAnnouncer of(Map<String, String> environment, Ticks ticks, Consumer<String> problems) {
    SystemdNotify systemd = SystemdNotify.of(environment);
    Set<String> told = new HashSet<>();
    return new NodeAnnouncer(
        systemd.active(),
        systemd.watchdogInterval(),
        message ->
            systemd
                .send(message)
                .filter(_ -> told.add("once"))
                .ifPresent(why -> problems.accept("! systemd can not be told: " + why)),
        ticks);
  }

  /** Returns whether no first start is still on its way. Any thread. */
  boolean firstStartsDone() {
    return firstStarts.done();
  }

  /** Returns how long nothing is to be said, in nanoseconds, if nothing changes. */
  long nanosToNext() {
    if (!active) {
      return Long.MAX_VALUE;
    }
    long now = ticks.nanos();
    long next = ready && !stopping ? Long.MAX_VALUE : lastMoreTime + everyMoreTime() - now;
    if (watchdog.isPresent()) {
      next = Math.min(next, lastSign + signEvery(watchdog.get()) - now);
    }
    return Math.max(0, next);
  }

  /** Says what has changed, and what is due. */
  void look(List<Supervised> instances) {
    firstStarts.look(instances);
    if (!active) {
      return;
    }
    long now = ticks.nanos();
    if (watchdog.isPresent() && now - lastSign >= signEvery(watchdog.get())) {
      lastSign = now;
      systemd.accept("WATCHDOG=1");
    }
    if (!stopping) {
      starting(instances, now);
    } else if (now - lastMoreTime >= everyMoreTime()) {
      moreTime(longestStop(instances, now), now);
    }
    String says = status(instances);
    if (!says.equals(status)) {
      status = says;
      systemd.accept("STATUS=" + says);
    }
  }

  private void starting(List<Supervised> instances, long now) {
    if (ready) {
      return;
    }
    if (firstStarts.done()) {
      ready = true;
      status = status(instances);
      systemd.accept("READY=1\nSTATUS=" + status);
    } else if (now - lastMoreTime >= everyMoreTime()) {
      // Each role has its own limit; systemd's must not be a second one.
      moreTime(MORE_TIME_EVERY.multipliedBy(3).toNanos(), now);
    }
  }

  /**
   * Must be called before the first instance is told to stop.
   *
   * @param longest until the last of them is killed
   */
  void stopping(String why, Duration longest) {
    if (active && !stopping) {
      status = why;
      lastMoreTime = ticks.nanos();
      long micros = longest.plus(MORE_TIME_EVERY).toNanos() / MICROS;
      systemd.accept("STOPPING=1\nSTATUS=" + why + "\nEXTEND_TIMEOUT_USEC=" + micros);
    }
    stopping = true;
  }

  /** Must be called before the process ends by itself. */
  void ending(int exitCode) {
    if (active && !stopping) {
      stopping = true;
      systemd.accept("STOPPING=1\nSTATUS=nothing is left to run, exit " + exitCode);
    }
  }

  private void moreTime(long nanos, long now) {
    lastMoreTime = now;
    systemd.accept("EXTEND_TIMEOUT_USEC=" + nanos / MICROS);
  }

  private static long longestStop(List<Supervised> instances, long now) {
    long longest = 0;
    for (Supervised instance : instances) {
      if (instance.life().state() instanceof InstanceState.Stopping(long killAt, var _)) {
        longest = Math.max(longest, killAt - now);
      }
    }
    return longest + MORE_TIME_EVERY.multipliedBy(2).toNanos();
  }

  private static long everyMoreTime() {
    return MORE_TIME_EVERY.toNanos();
  }

  /** Half the interval, as sd_watchdog_enabled(3) advises. */
  private static long signEvery(Duration interval) {
    return interval.toNanos() / 2;
  }

  /** Returns for instance {@code 6 instances: 4 ready, 1 frozen, 1 starting}. */
  static String status(List<Supervised> instances) {
    Map<String, Integer> words = new LinkedHashMap<>();
    for (Supervised instance : instances) {
      words.merge(instance.word(), 1, Integer::sum);
    }
    StringJoiner counts = new StringJoiner(", ");
    words.forEach((word, count) -> counts.add(count + " " + word));
    return instances.size() + " instances: " + counts;
  }
}
