package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.rolehost.api.Side;
import io.rolehost.runtime.config.FileWatch;
import io.rolehost.runtime.process.Ticks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The side of this deployment, by {@code <state-dir>/side}: {@code production} or {@code staging};
 * no file means that there is no other side. Seen while it runs, without a new start.
 */
final class DeploymentSide implements Side {
  private static final System.Logger LOG = System.getLogger(DeploymentSide.class.getName());

  private final Path file;
  private final Ticks ticks;
  // Whoever takes work reads; the change to staging is not told before they are through.
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final Condition changed = lock.writeLock().newCondition();
  private volatile boolean production;

  private DeploymentSide(Path file, Ticks ticks) {
    this.file = file;
    this.ticks = ticks;
    this.production = read(true);
  }

  /** Reads the side of a state directory, and follows it from then on. */
  static DeploymentSide of(Path stateDir, Ticks ticks) {
    DeploymentSide side = new DeploymentSide(stateDir.resolve("side"), ticks);
    HostThread.start(
        "side",
        () -> {
          // It lives as long as the process, so nobody keeps the handle.
          AutoCloseable _ = FileWatch.start(side.file, side::look);
          side.look(); // it may have changed between the reading and the watch
        });
    return side;
  }

  private synchronized void look() {
    boolean now = read(production);
    if (now == production) {
      return;
    }
    lock.writeLock().lock();
    try {
      production = now;
      changed.signalAll();
    } finally {
      lock.writeLock().unlock();
    }
    LOG.log(INFO, "This deployment is now in " + name());
  }

  /** What is there and can't be understood is not taken for leave to work. */
  private boolean read(boolean before) {
    try {
      String text = Files.readString(file).strip();
      if (!text.equals("production") && !text.equals("staging")) {
        LOG.log(WARNING, file + " says neither production nor staging: it counts as staging");
      }
      return text.equals("production");
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      LOG.log(WARNING, file + " can't be read, so the side stays as it was: " + e);
      return before;
    }
  }

  /** Returns the word for it. */
  String name() {
    return production ? "production" : "staging";
  }

  @Override
  public boolean isProduction() {
    return production;
  }

  @Override
  public boolean awaitProduction(Duration limit) throws InterruptedException {
    if (production) {
      return true; // also of one that takes work just now
    }
    long end = ticks.nanos() + limit.toNanos();
    lock.writeLock().lockInterruptibly();
    try {
      while (!production) {
        long left = end - ticks.nanos();
        if (left <= 0 || !changed.await(left, TimeUnit.NANOSECONDS)) {
          break;
        }
      }
      return production;
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public <T> Optional<T> take(Callable<Optional<T>> taking) throws Exception {
    lock.readLock().lock();
    try {
      return production ? taking.call() : Optional.empty();
    } finally {
      lock.readLock().unlock();
    }
  }
}
