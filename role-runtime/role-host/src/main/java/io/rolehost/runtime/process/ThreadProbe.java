package io.rolehost.runtime.process;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What the JDK tells of single threads and locks only to those who ask in the right way. */
public final class ThreadProbe {

  private static final int LONGEST_MILLIS = 100;

  private ThreadProbe() {}

  /**
   * Returns the id of the thread that owns a lock; empty if it is free, or shared.
   *
   * <p>The owner is a protected field. The JVM reads it for a thread that is parked because of the
   * lock, and only for a platform thread; so one is parked for the time of the question.
   *
   * @param lock what {@link LockSupport#getBlocker} gave
   */
  public static OptionalLong lockOwner(AbstractOwnableSynchronizer lock) {
    Parked parked = new Parked(lock);
    Thread thread = Thread.ofPlatform().daemon().name("rolehost-lock-probe").start(parked);
    try {
      for (int i = 0; i < LONGEST_MILLIS && thread.getState() != Thread.State.WAITING; i++) {
        boolean _ = thread.join(Duration.ofMillis(1));
      }
      ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(thread.threadId());
      long owner = info == null ? -1 : info.getLockOwnerId();
      return owner > 0 ? OptionalLong.of(owner) : OptionalLong.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    } finally {
      parked.done = true;
      LockSupport.unpark(thread);
    }
  }

  /** Returns the CPU time of a platform thread by its name; empty if it is gone or not counted. */
  public static OptionalLong cpuNanos(String platformThread) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    if (!threads.isThreadCpuTimeSupported() || !threads.isThreadCpuTimeEnabled()) {
      return OptionalLong.empty();
    }
    return Stream.of(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(info -> info != null && info.getThreadName().equals(platformThread))
        .mapToLong(info -> threads.getThreadCpuTime(info.getThreadId()))
        .filter(nanos -> nanos >= 0)
        .findFirst();
  }

  /** Waits as if for the lock, without asking for it. */
  private static final class Parked implements Runnable {

    private final AbstractOwnableSynchronizer lock;
    private volatile boolean done;

    Parked(AbstractOwnableSynchronizer lock) {
      this.lock = lock;
    }

    @Override
    public void run() {
      while (!done) {
        LockSupport.park(lock);
      }
    }
  }
}
