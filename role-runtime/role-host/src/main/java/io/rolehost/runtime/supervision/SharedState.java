package io.rolehost.runtime.supervision;

import io.rolehost.api.CorruptionException;
import io.rolehost.api.Shared;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shared state behind a lock of readers and one writer. A mutation that fails may have left it half
 * made: from then on nobody gets at it, until it is made afresh.
 *
 * @param <T> the state
 */
final class SharedState<T> implements Shared<T> {

  private static final int PRUNED_FROM = 64;

  private final String name;
  private final Supplier<T> fresh;
  private final Poisoned poisoned;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final Set<Thread> holders = ConcurrentHashMap.newKeySet();
  private volatile int pruneAt = PRUNED_FROM;
  private volatile Value<T> value;

  /** Is told once of each poisoning, without a lock held. */
  @FunctionalInterface
  interface Poisoned {

    /**
     * A mutation failed on the calling thread.
     *
     * @param failure what the mutation threw
     * @param corruption what those get that touch the state now
     */
    void poisoned(SharedState<?> state, Throwable failure, CorruptionException corruption);
  }

  /** One life of the state: made at its first use, and poisoned at most once. */
  private static final class Value<T> {
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable T state;
    private volatile @Nullable Throwable poison;
  }

  SharedState(String name, Supplier<T> fresh, Poisoned poisoned) {
    this.name = name;
    this.fresh = fresh;
    this.poisoned = poisoned;
    this.value = new Value<>();
    var _ = made(value);
  }

  @Override
  public <R> R read(Reading<T, R> reading) throws Exception {
    lock.readLock().lockInterruptibly();
    try {
      return reading.read(sound(value));
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void mutate(Mutation<T> mutation) throws Exception {
    if (lock.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          "mutate was called inside read of shared state \""
              + name
              + "\" and would wait for itself; leave read first");
    }
    Throwable cause;
    CorruptionException corruption;
    lock.writeLock().lockInterruptibly();
    try {
      Value<T> used = value;
      T state = sound(used);
      try {
        mutation.mutate(state);
        return;
      } catch (Throwable failure) {
        if (used.poison != null) {
          throw failure;
        }
        used.poison = failure;
        cause = failure;
        corruption = corruption(failure);
      }
    } finally {
      lock.writeLock().unlock();
    }
    poisoned.poisoned(this, cause, corruption);
    throw corruption;
  }

  /** Forgets the poisoned state and its holders; the next use makes another. Does not block. */
  void renew() {
    holders.clear();
    value = new Value<>();
  }

  String name() {
    return name;
  }

  boolean isHeldBy(Thread thread) {
    return holders.contains(thread);
  }

  private T sound(Value<T> used) {
    Throwable failure = used.poison;
    if (failure != null) {
      throw corruption(failure);
    }
    if (holders.add(Thread.currentThread()) && holders.size() > pruneAt) {
      holders.removeIf(thread -> !thread.isAlive());
      pruneAt = Math.max(PRUNED_FROM, 2 * holders.size());
    }
    return made(used);
  }

  private T made(Value<T> used) {
    T state = used.state;
    if (state != null) {
      return state;
    }
    used.making.lock();
    try {
      T made = used.state;
      if (made == null) {
        made = fresh.get();
        used.state = made;
      }
      return made;
    } finally {
      used.making.unlock();
    }
  }

  private CorruptionException corruption(Throwable failure) {
    return new CorruptionException(
        "Shared state \"" + name + "\" may be half changed: a mutation failed: " + failure,
        failure);
  }
}
