package io.rolehost.runtime.supervision;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What the threads of a role wait at until it is opened, once and for ever. A host waits in the
 * time of its machine, a test in time that it moves by hand; so this is the one place where a body
 * waits for a length of time. Every method may be called from any thread.
 */
public interface Gate {

  /** Opens the gate and lets all go. A second call has no effect. */
  void open();

  /** Returns whether it was opened. */
  boolean isOpen();

  /** Waits until it is open. */
  void await() throws InterruptedException;

  /**
   * Waits until it is open, but not longer than {@code nanos}.
   *
   * @return whether it is open
   */
  boolean await(long nanos) throws InterruptedException;

  /** Returns a gate in the time of the machine. */
  static Gate real() {
    return new Gate() {
      private final CountDownLatch shut = new CountDownLatch(1);

      @Override
      public void open() {
        shut.countDown();
      }

      @Override
      public boolean isOpen() {
        return shut.getCount() == 0;
      }

      @Override
      public void await() throws InterruptedException {
        shut.await();
      }

      @Override
      public boolean await(long nanos) throws InterruptedException {
        return shut.await(nanos, TimeUnit.NANOSECONDS);
      }
    };
  }
}
