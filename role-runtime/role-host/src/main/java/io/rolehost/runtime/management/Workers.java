package io.rolehost.runtime.management;

import io.rolehost.runtime.management.Route.Kind;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for answers that may take their time. What may hang (a user's gauge or operations, a
 * thread dump) gets some of the threads and never all, so that a freeze gets through. Any thread.
 */
final class Workers implements AutoCloseable {

  private static final int THREADS = 6;
  private static final int QUEUE = 64;

  private final ThreadPoolExecutor pool;
  // Two, for a pair of Prometheus servers.
  private final Semaphore scrapes = new Semaphore(2);
  private final Semaphore dumps = new Semaphore(1);
  private final Semaphore operations = new Semaphore(2);

  Workers() {
    pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            work -> {
              Thread thread = new Thread(work, "rolehost-management-worker");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
  }

  /** Returns false, and does nothing, if there is no room for this route. */
  boolean submit(Route route, Runnable work) {
    if (route.kind() == Kind.SCRAPE) {
      return submit(scrapes, work);
    }
    return switch (route) {
      case THREADS -> submit(dumps, work);
      case OPERATIONS -> submit(operations, work);
      default -> execute(work);
    };
  }

  private boolean submit(Semaphore permits, Runnable work) {
    if (!permits.tryAcquire()) {
      return false;
    }
    boolean taken =
        execute(() -> {
          try {
            work.run();
          } finally {
            permits.release();
          }
        });
    if (!taken) {
      permits.release();
    }
    return taken;
  }

  private boolean execute(Runnable work) {
    try {
      pool.execute(work);
      return true;
    } catch (RejectedExecutionException _) {
      return false;
    }
  }

  /** Lets what runs end for a short while, then interrupts it. */
  @Override
  public void close() {
    pool.shutdown();
    try {
      if (!pool.awaitTermination(200, TimeUnit.MILLISECONDS)) {
        pool.shutdownNow();
      }
    } catch (InterruptedException _) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
