package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.WARNING;

import io.rolehost.runtime.process.Ticks;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What the role wants closed at its stop, in reverse order. Thread-safe. */
final class Closeables {

  private static final System.Logger LOG = System.getLogger(Closeables.class.getName());

  /** As long as a task has by default to leave. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A resource whose close goes on. */
  private record Closing(String name, CountDownLatch done) {}

  /** More than a person reads. */
  private static final int MOST_TOLD = 100;

  private final Duration patience;
  private final Ticks ticks;
  private final BiConsumer<String, Duration> told;
  private final AtomicInteger count = new AtomicInteger();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final AtomicReference<@Nullable Closing> current = new AtomicReference<>();
  private boolean closing;
  private @Nullable Exception first;

  Closeables(Ticks ticks, BiConsumer<String, Duration> told) {
    this(PATIENCE, ticks, told);
  }

  /**
   * Has nothing to close yet.
   *
   * @param patience how long one may take before the others are closed beside it
   * @param told is told what was closed and how long that took, on the thread that closed it
   */
  Closeables(Duration patience, Ticks ticks, BiConsumer<String, Duration> told) {
    this.patience = patience;
    this.ticks = ticks;
    this.told = told;
  }

  /**
   * Takes a resource.
   *
   * @throws IllegalStateException if the others are already being closed; this one then is, too
   */
  <T extends AutoCloseable> T add(T resource) {
    synchronized (open) {
      if (!closing) {
        open.push(resource);
        return resource;
      }
    }
    IllegalStateException tooLate =
        new IllegalStateException("the role has stopped: its resources are being closed");
    try {
      resource.close();
    } catch (Exception e) {
      tooLate.addSuppressed(e);
    }
    throw tooLate;
  }

  /**
   * Closes all, the last one first; goes on past what throws. If one hangs, the others are closed
   * on another thread, so that they have their turn before the deadline of the stop. Returns when
   * all have returned.
   */
  void close() throws Exception {
    Thread watch = Thread.ofPlatform().daemon().name("role-resources-watch").unstarted(this::watch);
    try {
      for (AutoCloseable next = take(); next != null; next = take()) {
        Closing now = new Closing(name(next), new CountDownLatch(1));
        current.set(now);
        if (watch.getState() == Thread.State.NEW) {
          watch.start();
        }
        try {
          closeOne(next);
        } finally {
          now.done().countDown();
        }
      }
    } finally {
      current.set(null);
    }
    if (watch.getState() != Thread.State.NEW) {
      watch.join();
    }
    throwFirst();
  }

  /** Waits for one after the other, and closes the rest itself once one takes too long. */
  private void watch() {
    try {
      for (Closing now = current.get(); now != null; now = current.get()) {
        if (!now.done().await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
          LOG.log(
              WARNING,
              "close() of "
                  + now.name()
                  + " has not returned for "
                  + patience.toMillis()
                  + " ms; the others are closed meanwhile");
          for (AutoCloseable next = take(); next != null; next = take()) {
            closeOne(next);
          }
          return;
        }
        Thread.onSpinWait(); // for the moment until the next one is current
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody else has this thread
    }
  }

  /** A lambda's class has a number that says nothing. */
  private static String name(AutoCloseable resource) {
    return resource.getClass().getName().replaceFirst("\\$\\$Lambda.*", " (lambda)");
  }

  private void closeOne(AutoCloseable resource) {
    long begun = ticks.nanos();
    try {
      resource.close();
    } catch (Exception e) {
      synchronized (open) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    } finally {
      if (count.incrementAndGet() <= MOST_TOLD) {
        told.accept(name(resource), Duration.ofNanos(ticks.nanos() - begun));
      }
    }
  }

  private void throwFirst() throws Exception {
    synchronized (open) {
      if (first != null) {
        throw first;
      }
    }
  }

  private @Nullable AutoCloseable take() {
    synchronized (open) {
      closing = true;
      return open.poll();
    }
  }
}
