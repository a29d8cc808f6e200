package io.rolehost.runtime.readiness;

import io.rolehost.api.BusyLease;
import io.rolehost.runtime.process.Ticks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * The open busy leases of a role. A lease ends when it is closed or when its time is over,
 * whichever is first; a role that forgets one is back in the load balancer by itself.
 *
 * <p>Thread-safe. There is no timer in here: an expired lease is dropped when somebody looks, and
 * {@link #nextExpiryNanos} tells when looking is worth it.
 */
public final class BusyLeases {

  /** More than this is a leak, not a busy role. */
  static final int MAX_OPEN = 10_000;

  private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

  private final Ticks ticks;
  private final Runnable changed;
  private final Map<Lease, Long> open = new LinkedHashMap<>();

  /**
   * Starts with none.
   *
   * @param changed called on the thread that opened, closed or looked, holding no lock, whenever
   *     the open leases are others than before; must not throw
   */
  public BusyLeases(Ticks ticks, Runnable changed) {
    this.ticks = ticks;
    this.changed = changed;
  }

  /**
   * Opens one.
   *
   * @param reason for an operator
   * @param ttl after which it ends by itself
   * @throws IllegalArgumentException if {@code ttl} is not positive
   * @throws IllegalStateException if {@value #MAX_OPEN} are open
   */
  public BusyLease open(String reason, Duration ttl) {
    if (!ttl.isPositive()) {
      throw new IllegalArgumentException(
          "The busy lease '"
              + reason
              + "' has a time to live of "
              + ttl
              + "; it must be positive, and long enough for the work it covers.");
    }
    Lease lease = new Lease(reason);
    // Saturates, where Duration.toNanos would throw at 292 years.
    long nanos = Math.min(TimeUnit.NANOSECONDS.convert(ttl), LONGEST_NANOS);
    synchronized (open) {
      long now = ticks.nanos();
      boolean _ = dropExpired(now);
      if (open.size() >= MAX_OPEN) {
        throw new IllegalStateException(
            "There are "
                + open.size()
                + " open busy leases, the oldest is '"
                + open.keySet().iterator().next().reason
                + "'. Close each lease when its work is done, best by try-with-resources.");
      }
      open.put(lease, now + nanos);
    }
    changed.run();
    return lease;
  }

  /** Returns the reasons of the open leases, oldest first. */
  public List<String> reasons() {
    boolean dropped;
    List<String> reasons;
    synchronized (open) {
      dropped = dropExpired(ticks.nanos());
      reasons =
          open.isEmpty()
              ? List.of() // as a probe finds it nearly always
              : open.keySet().stream().map(lease -> lease.reason).toList();
    }
    if (dropped) {
      changed.run();
    }
    return reasons;
  }

  /** Returns the reading of the ticks at which the next lease ends by itself; empty without one. */
  public OptionalLong nextExpiryNanos() {
    synchronized (open) {
      long now = ticks.nanos();
      return open.values().stream().mapToLong(end -> end - now).min().stream()
          .map(left -> now + left)
          .findFirst();
    }
  }

  /** Returns the open leases for {@code /status}: {@code reason} and {@code remainingMs}. */
  public List<Map<String, Object>> facts() {
    synchronized (open) {
      long now = ticks.nanos();
      List<Map<String, Object>> facts = new ArrayList<>();
      open.forEach((lease, end) -> {
        if (end - now > 0) {
          Map<String, Object> fact = new LinkedHashMap<>();
          fact.put("reason", lease.reason);
          fact.put("remainingMs", TimeUnit.NANOSECONDS.toMillis(end - now));
          facts.add(fact);
        }
      });
      return List.copyOf(facts);
    }
  }

  private boolean dropExpired(long now) {
    return open.values().removeIf(end -> end - now <= 0);
  }

  private final class Lease implements BusyLease {

    private final String reason;

    Lease(String reason) {
      this.reason = reason;
    }

    @Override
    public void close() {
      boolean closed;
      synchronized (open) {
        closed = open.remove(this) != null;
      }
      if (closed) {
        changed.run();
      }
    }
  }
}
