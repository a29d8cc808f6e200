package io.rolehost.runtime.supervision;

import io.rolehost.api.CorruptionException;
import io.rolehost.api.Shared;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shared state behind a lock of readers and one writer. A mutation that fails may have left it half
 * made: from then on nobody gets at it.
 *
 * @param <T> the state
 */
final class SharedState<T> implements Shared<T> {

  private final String name;
  private final T state;
  private final Consumer<CorruptionException> poisoned;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
  private volatile @Nullable Throwable poison;

  /**
   * Creates it.
   *
   * @param poisoned is told once, without a lock held
   */
  SharedState(String name, T state, Consumer<CorruptionException> poisoned) {
    this.name = name;
    this.state = state;
    this.poisoned = poisoned;
  }

  @Override
  public <R> R read(Reading<T, R> reading) throws Exception {
    lock.readLock().lockInterruptibly();
    try {
      requireSound();
      return reading.read(state);
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
    CorruptionException corruption;
    lock.writeLock().lockInterruptibly();
    try {
      requireSound();
      mutation.mutate(state);
      return;
    } catch (Throwable failure) {
      if (poison != null) {
        throw failure;
      }
      poison = failure;
      corruption = corruption(failure);
    } finally {
      lock.writeLock().unlock();
    }
    poisoned.accept(corruption);
    throw corruption;
  }

  private void requireSound() {
    Throwable failure = poison;
    if (failure != null) {
      throw corruption(failure);
    }
  }

  private CorruptionException corruption(Throwable failure) {
    return new CorruptionException(
        "Shared state \"" + name + "\" may be half changed: a mutation failed: " + failure,
        failure);
  }
}
