package io.rolehost.runtime.readiness;

import io.rolehost.api.HealthCheck;
import io.rolehost.api.HealthImpact;
import io.rolehost.runtime.process.Ticks;
import io.rolehost.runtime.readiness.ReadinessFacts.CheckFact;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the role's health checks from time to time, so that a probe is answered from what is known
 * and never waits for a dependency.
 *
 * <p>Each check has virtual threads of its own and never overlaps itself: as long as a call hangs
 * no second one is made, and every period counts one more bad answer. Single answers are steadied
 * by {@link Hysteresis}. Thread-safe.
 */
public final class HealthSampler implements AutoCloseable {

  private static final Logger LOG = System.getLogger(HealthSampler.class.getName());

  /** A role has a handful; more is a loop that registers. */
  static final int MAX_CHECKS = 1_000;

  private static final int MAX_MESSAGE = 500;

  private final Ticks ticks;
  private final Duration every;
  private final Duration timeout;
  private final Consumer<CheckFact> changed;
  private final Map<String, Sampled> checks = new LinkedHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Starts with no checks.
   *
   * @param every the pause between two calls of a check
   * @param timeout after which a call counts as a bad answer and its thread is interrupted
   * @param changed called after the first answer of a check and when it goes down or up, on the
   *     thread of that check, in order
   */
  public HealthSampler(Ticks ticks, Duration every, Duration timeout, Consumer<CheckFact> changed) {
    this.ticks = ticks;
    this.every = every;
    this.timeout = timeout;
    this.changed = changed;
  }

  /**
   * Adds a check and asks it for the first time, not waiting for the answer. After {@link #close}
   * it is listed and not asked.
   *
   * @throws IllegalArgumentException if there is one of that name
   * @throws IllegalStateException if there are {@value #MAX_CHECKS}
   */
  public void add(String name, HealthCheck check, HealthImpact impact) {
    Sampled sampled = new Sampled(name, check, impact == HealthImpact.GATES_READINESS);
    synchronized (checks) {
      if (checks.size() >= MAX_CHECKS) {
        throw new IllegalStateException(
            "There are " + MAX_CHECKS + " health checks; '" + name + "' would be one too many.");
      }
      if (checks.putIfAbsent(name, sampled) != null) {
        throw new IllegalArgumentException(
            "There is a health check '" + name + "' already. Give each its own name.");
      }
    }
    if (!isClosed()) {
      var _ = Thread.ofVirtual().name("health-" + name).start(sampled::askUntilClosed);
    }
  }

  /** Returns what is known of each check, in the order in which they were added. */
  public List<CheckFact> facts() {
    List<CheckFact> facts = new ArrayList<>();
    for (Sampled check : snapshot()) {
      facts.add(check.fact());
    }
    return facts;
  }

  /** Returns what is known of one check. */
  public Optional<CheckFact> fact(String name) {
    synchronized (checks) {
      return Optional.ofNullable(checks.get(name)).map(Sampled::fact);
    }
  }

  /** Returns the age of the oldest sample of a gating check; zero if there is none. */
  public Duration oldestGatingSampleAge() {
    long now = ticks.nanos();
    long oldest = 0;
    for (Sampled check : snapshot()) {
      Sample last = check.last;
      if (check.gates && last.steady.decided()) {
        oldest = Math.max(oldest, now - last.nanos);
      }
    }
    return Duration.ofNanos(oldest);
  }

  /** Asks no more. Does not wait for a call under way, which is interrupted. */
  @Override
  public void close() {
    closed.countDown();
    snapshot().forEach(Sampled::giveUp);
  }

  private List<Sampled> snapshot() {
    synchronized (checks) {
      return List.copyOf(checks.values());
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** What is known of a check: its steady state, and text and time of its last answer. */
  private record Sample(Hysteresis steady, String message, long nanos) {}

  private final class Sampled {

    private final String name;
    private final HealthCheck check;
    private final boolean gates;
    // Both written by the asking thread alone.
    private volatile Sample last;
    private volatile @Nullable Call call;

    Sampled(String name, HealthCheck check, boolean gates) {
      this.name = name;
      this.check = check;
      this.gates = gates;
      this.last = new Sample(Hysteresis.UNDECIDED, "", ticks.nanos());
    }

    CheckFact fact() {
      Sample now = last;
      return new CheckFact(name, gates, now.steady.decided(), now.steady.up(), now.message);
    }

    void giveUp() {
      Call now = call;
      if (now != null) {
        now.thread.interrupt();
      }
    }

    void askUntilClosed() {
      try {
        do {
          HealthCheck.Result answer = ask();
          if (isClosed()) {
            return;
          }
          take(answer);
        } while (!closed.await(every.toNanos(), TimeUnit.NANOSECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private HealthCheck.Result ask() throws InterruptedException {
      Call now = call;
      if (now == null || !now.thread.isAlive()) {
        now = new Call(name, check, ticks.nanos());
        call = now;
        now.thread.start();
        if (!now.thread.join(timeout)) {
          // A call that waits ends by this; one that ignores it keeps its one thread.
          now.thread.interrupt();
        }
      }
      HealthCheck.Result answer = now.answer;
      if (answer != null) {
        return answer;
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(ticks.nanos() - now.startNanos);
      return HealthCheck.Result.unhealthy(
          "no answer for " + millis + " ms, the limit is " + timeout.toMillis() + " ms");
    }

    private void take(HealthCheck.Result answer) {
      Hysteresis before = last.steady;
      Hysteresis after = before.next(answer.healthy());
      last = new Sample(after, oneLine(answer.message()), ticks.nanos());
      if (before.decided() != after.decided() || before.up() != after.up()) {
        try {
          changed.accept(fact());
        } catch (RuntimeException e) {
          LOG.log(Level.WARNING, "A listener to the health check '" + name + "' failed.", e);
        }
      }
    }
  }

  /** One call of a check, on a thread of its own. */
  private static final class Call {

    private final Thread thread;
    private final long startNanos;
    private volatile HealthCheck.@Nullable Result answer;

    Call(String name, HealthCheck check, long startNanos) {
      this.startNanos = startNanos;
      this.thread =
          Thread.ofVirtual().name("health-" + name + "-call").unstarted(() -> answer = run(check));
    }

    private static HealthCheck.Result run(HealthCheck check) {
      try {
        HealthCheck.Result result = check.check();
        return result != null ? result : HealthCheck.Result.unhealthy("the check returned null");
      } catch (StackOverflowError e) {
        return HealthCheck.Result.unhealthy("the check recursed without end");
      } catch (VirtualMachineError e) {
        // Not the check's fault and not to be survived: left to the uncaught handler.
        throw e;
      } catch (Throwable e) {
        String message = e.getMessage();
        return HealthCheck.Result.unhealthy(message == null ? e.getClass().getName() : message);
      }
    }
  }

  private static String oneLine(String message) {
    String line = message.strip().replaceAll("\\R", " ");
    return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "…";
  }
}
