package io.rolehost.runtime.supervision;

import io.rolehost.api.StopToken;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The permits of {@code TaskContext.compute}, first come first served. A semaphore of the JDK can't
 * be left by a token without losing one's place, so this is a queue of its own.
 */
final class ComputePermits {

  private static final ScopedValue<Boolean> HELD = ScopedValue.newInstance();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Long> queue = new ArrayDeque<>();
  private long tickets;
  private volatile int waiting;
  private int free;

  ComputePermits(int permits) {
    this.free = permits;
  }

  /**
   * Runs {@code work} while holding a permit. Work inside of work shares its permit: it would wait
   * for itself.
   *
   * @throws CancellationException if the token was cancelled before a permit was free
   * @throws InterruptedException if interrupted while waiting
   */
  <T> T compute(String task, StopToken token, Callable<T> work) throws Exception {
    if (HELD.isBound()) {
      return work.call();
    }
    acquire(task, token);
    try {
      return ScopedValue.where(HELD, true).call(work::call);
    } finally {
      release();
    }
  }

  /** Lets those whose token was cancelled find out. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether anybody waits for a permit, without a lock; who comes later sees its token. */
  boolean isWaitedFor() {
    return waiting > 0;
  }

  /** Returns how many wait for a permit. */
  int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  private void acquire(String task, StopToken token) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Long place = ++tickets;
      queue.add(place);
      waiting = queue.size();
      try {
        while (free == 0 || !place.equals(queue.peek())) {
          if (token.isStopRequested()) {
            throw new CancellationException(
                "Task \"" + task + "\" was asked to stop while it waited for a compute permit");
          }
          changed.await();
        }
        free--;
      } finally {
        queue.remove(place);
        waiting = queue.size();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void release() {
    lock.lock();
    try {
      free++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
