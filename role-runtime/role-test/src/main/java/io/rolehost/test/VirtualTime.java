package io.rolehost.test;

import io.rolehost.runtime.process.Ticks;
import io.rolehost.runtime.supervision.Gate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Time that moves only when a test says so.
 *
 * <p>{@link #advance} goes from one due moment to the next and lets everything that falls due come
 * to rest before it goes on. So nothing is lost that a thread was just about to wait for, and who
 * is called back reads the very time it was due at. At rest means: every thread of the role or of
 * its tasks waits for time, for another thread or for a stop; or it has ended. A thread that sleeps
 * in the time of the machine never is, and is named after {@value #PATIENCE_SECONDS} s.
 *
 * <p>{@link #advance} and {@link #awaitTimers} are called by the thread of the test; readings may
 * come from any thread.
 */
public final class VirtualTime implements InstantSource, Ticks {

  /** How long, on the machine's clock, something may take to come to rest. */
  static final int PATIENCE_SECONDS = 10;

  /** A year in which nothing is special. */
  private static final Instant EPOCH = Instant.parse("2030-01-01T00:00:00Z");

  /** Not zero, so that code which takes 0 for "never" is caught. */
  private static final long ORIGIN = Duration.ofHours(1).toNanos();

  /** How often in a row all must be found at rest, as one look at many threads is no snapshot. */
  private static final int LOOKS = 3;

  private static final int SPINS = 200;

  private static final long PAUSE_NANOS = 50_000;

  /**
   * How long a thread must be seen to wait for a monitor or a lock before that counts. It may be
   * held by a thread that this time does not know, as that of an output which a slow reader keeps
   * waiting; and a virtual thread is told to be blocked for a while after the monitor is free.
   */
  private static final long LOCKED_NANOS = Duration.ofMillis(500).toNanos();

  private static final String LOCKS = "java.util.concurrent.locks.Reentrant";

  /** What else moves with this time, beside waiting threads and planned actions. */
  interface Moved {

    /** Does what is waiting to be done on the thread of the test; tells whether there was any. */
    boolean work();

    /** Looks at how things stand. */
    Look look();
  }

  /**
   * How things stand with something that moves with time.
   *
   * @param events how many it has seen; another number at the next look means that it moved
   * @param timers how many are armed
   * @param nextDue when the first of them is due, as {@link #nanos} counts
   * @param threads which threads it has to wait for
   */
  record Look(long events, int timers, OptionalLong nextDue, List<Thread> threads) {}

  private record Planned(long due, long order, Runnable action) {}

  private final Object lock = new Object();
  private final PriorityQueue<Planned> planned =
      new PriorityQueue<>(Comparator.comparingLong(Planned::due).thenComparingLong(Planned::order));
  private final List<Waiter> waiters = new ArrayList<>();
  private final List<Moved> moved = new CopyOnWriteArrayList<>();
  private final AtomicInteger entering = new AtomicInteger();
  private long orders;
  private volatile long elapsed;

  /** Creates a time that stands at its beginning, 1 January 2030. */
  public VirtualTime() {}

  @Override
  public Instant instant() {
    return EPOCH.plusNanos(elapsed);
  }

  @Override
  public long nanos() {
    return ORIGIN + elapsed;
  }

  /** Returns how far time was moved since its beginning. */
  public Duration elapsed() {
    return Duration.ofNanos(elapsed);
  }

  /**
   * Plans {@code action} for {@code delay} from now. It runs on the thread that advances, and reads
   * the time it is due at.
   */
  public void in(Duration delay, Runnable action) {
    boolean _ = locked(() -> planned.add(new Planned(nanos() + delay.toNanos(), orders++, action)));
  }

  /**
   * Does what threads under test do under the lock. Such a thread is on its way, though it may look
   * blocked; so it is counted.
   */
  private <T> T locked(Supplier<T> change) {
    entering.incrementAndGet();
    try {
      synchronized (lock) {
        return change.get();
      }
    } finally {
      entering.decrementAndGet();
    }
  }

  /**
   * Moves time by {@code length}, from one due moment to the next.
   *
   * @throws AssertionError if something does not come to rest; the message names it
   */
  public void advance(Duration length) {
    if (length.isNegative()) {
      throw new IllegalArgumentException("Time goes forward only, " + length + " was asked for");
    }
    boolean _ = advanceUntil(() -> false, length);
  }

  /**
   * Moves time until {@code condition} holds, but not by more than {@code atMost}. It is looked at
   * when all is at rest, now and after each due moment.
   *
   * @return whether it holds
   */
  public boolean advanceUntil(BooleanSupplier condition, Duration atMost) {
    settle();
    long target = nanos() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      OptionalLong next = nextDue();
      if (next.isEmpty() || next.getAsLong() > target) {
        elapsed = Math.max(nanos(), target) - ORIGIN;
        return false;
      }
      elapsed = Math.max(nanos(), next.getAsLong()) - ORIGIN;
      fireOne();
      settle();
    }
    return true;
  }

  /**
   * Waits, on the machine's clock, until {@code n} timers are armed: waiting threads, planned
   * actions, and the back-offs and limits of tasks. For what is started by threads this time does
   * not know of.
   *
   * @throws AssertionError if fewer are armed after {@value #PATIENCE_SECONDS} s
   */
  public void awaitTimers(int n) {
    long giveUp = System.nanoTime() + Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
    while (true) {
      settle();
      int armed = timers();
      if (armed >= n) {
        return;
      }
      if (System.nanoTime() > giveUp) {
        throw new AssertionError(
            "%d timers were waited for; after %d s there are %d"
                .formatted(n, PATIENCE_SECONDS, armed));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Returns how many timers are armed. */
  public int timers() {
    int others = moved.stream().mapToInt(each -> each.look().timers()).sum();
    synchronized (lock) {
      return others + planned.size() + (int) waiters.stream().filter(Waiter::isTimed).count();
    }
  }

  void add(Moved more) {
    moved.add(more);
  }

  void remove(Moved less) {
    moved.remove(less);
  }

  /** Returns a gate at which threads wait in this time. */
  Gate gate() {
    return new VirtualGate(this);
  }

  /** Waits until nothing moves any more at this moment of time. */
  void settle() {
    long giveUp = System.nanoTime() + Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
    List<Long> before = List.of();
    int still = 0;
    long stillSince = 0;
    boolean locked = false;
    for (int turn = 0;
        still < LOOKS || (locked && System.nanoTime() - stillSince < LOCKED_NANOS);
        turn++) {
      boolean worked = false;
      for (Moved each : moved) {
        worked |= each.work();
      }
      List<Look> looks = moved.stream().map(Moved::look).toList();
      List<Long> events = looks.stream().map(Look::events).toList();
      boolean rest = !worked && events.equals(before) && allRest(looks) && nothingDue(looks);
      before = events;
      stillSince = still == 0 ? System.nanoTime() : stillSince;
      still = rest ? still + 1 : 0;
      locked =
          looks.stream()
              .flatMap(look -> look.threads().stream())
              .anyMatch(VirtualTime::waitsForALock);
      if (!rest && System.nanoTime() > giveUp) {
        throw new AssertionError(restless(looks));
      }
      pause(turn);
    }
  }

  private static void pause(int turn) {
    if (turn < SPINS) {
      Thread.onSpinWait();
    } else {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private boolean nothingDue(List<Look> looks) {
    return looks.stream().noneMatch(look -> isDue(look.nextDue()));
  }

  private boolean isDue(OptionalLong at) {
    return at.isPresent() && at.getAsLong() <= nanos();
  }

  private boolean allRest(List<Look> looks) {
    if (entering.get() > 0) {
      return false;
    }
    synchronized (lock) {
      if (waiters.stream().anyMatch(Waiter::released)) {
        return false;
      }
    }
    return looks.stream().flatMap(look -> look.threads().stream()).allMatch(VirtualTime::rests);
  }

  /**
   * A virtual thread is told to be runnable from the moment it is unparked. Of a platform thread
   * this is not so, but those wait at a {@link VirtualGate}, whose waiters are counted.
   */
  private static boolean rests(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, BLOCKED, TERMINATED -> true;
      case NEW, RUNNABLE, TIMED_WAITING -> false;
    };
  }

  private static boolean waitsForALock(Thread thread) {
    if (thread.getState() == Thread.State.BLOCKED) {
      return true;
    }
    @Nullable Object waitsFor = LockSupport.getBlocker(thread);
    return waitsFor instanceof AbstractOwnableSynchronizer
        && waitsFor.getClass().getName().startsWith(LOCKS);
  }

  private String restless(List<Look> looks) {
    StringBuilder text =
        new StringBuilder(
            "After %d s something still moves though time stands at %s."
                .formatted(PATIENCE_SECONDS, elapsed()));
    looks.stream()
        .flatMap(look -> look.threads().stream())
        .filter(thread -> !rests(thread))
        .forEach(thread ->
            text.append(
                "%n%s is %s; to wait in virtual time use stopToken().await(duration)%n\t%s"
                    .formatted(
                        thread.getName(),
                        thread.getState(),
                        String.join(
                            System.lineSeparator() + "\t",
                            List.of(thread.getStackTrace()).stream()
                                .map(StackTraceElement::toString)
                                .toList()))));
    return text.toString();
  }

  private OptionalLong nextDue() {
    long next = Long.MAX_VALUE;
    for (Moved each : moved) {
      next = Math.min(next, each.look().nextDue().orElse(Long.MAX_VALUE));
    }
    synchronized (lock) {
      for (Waiter waiter : waiters) {
        next = Math.min(next, waiter.due);
      }
      if (!planned.isEmpty()) {
        next = Math.min(next, planned.peek().due());
      }
    }
    return next == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(next);
  }

  /**
   * Lets go of one that is due: a planned action, or a waiting thread. One at a time and always in
   * the same order, so that two runs differ in nothing.
   */
  private void fireOne() {
    Runnable action;
    synchronized (lock) {
      Optional<Waiter> first =
          waiters.stream()
              .filter(waiter -> waiter.due <= nanos())
              .min(
                  Comparator.<Waiter>comparingLong(waiter -> waiter.due)
                      .thenComparing(waiter -> waiter.thread.getName()));
      if (!planned.isEmpty()
          && first.map(waiter -> planned.peek().due() <= waiter.due).orElse(true)) {
        action = planned.peek().due() <= nanos() ? planned.remove().action() : () -> {};
      } else {
        action = first.<Runnable>map(waiter -> waiter::release).orElse(() -> {});
      }
    }
    action.run();
  }

  /** Waits on the calling thread until the gate is open or {@code nanos} have been advanced. */
  void await(VirtualGate gate, long nanos) throws InterruptedException {
    if (nanos <= 0) {
      return;
    }
    Optional<Waiter> waiter = locked(() -> enter(gate, nanos));
    if (waiter.isEmpty()) {
      return;
    }
    try {
      waiter.get().released.await();
    } finally {
      boolean _ = locked(() -> waiters.remove(waiter.get()));
    }
  }

  private Optional<Waiter> enter(VirtualGate gate, long nanos) {
    if (gate.isOpen()) {
      return Optional.empty();
    }
    long now = nanos();
    Waiter waiter = new Waiter(gate, nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos);
    waiters.add(waiter);
    return Optional.of(waiter);
  }

  /** Lets all go that wait at {@code gate}. */
  void opened(VirtualGate gate) {
    synchronized (lock) {
      waiters.stream().filter(waiter -> waiter.gate == gate).forEach(Waiter::release);
    }
  }

  /** A thread that waits; until it is gone from the list it counts as moving once released. */
  private static final class Waiter {
    private final VirtualGate gate;
    private final long due;
    private final Thread thread = Thread.currentThread();
    private final CountDownLatch released = new CountDownLatch(1);

    Waiter(VirtualGate gate, long due) {
      this.gate = gate;
      this.due = due;
    }

    void release() {
      released.countDown();
    }

    boolean isTimed() {
      return due != Long.MAX_VALUE;
    }

    boolean released() {
      return released.getCount() == 0;
    }
  }
}
