package io.rolehost.runtime.supervision;

import io.rolehost.runtime.process.Carriers;
import io.rolehost.runtime.process.ThreadDump;
import io.rolehost.runtime.process.ThreadFacts;
import io.rolehost.runtime.process.Ticks;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * Looks once a second what keeps tasks from getting on: deadlocks, and bodies that keep the
 * carriers of virtual threads. It tells and does not restart; the hang limits of the tasks do that.
 *
 * <p>Its thread is a platform thread, so that it goes on when no virtual thread does. While all is
 * well a look costs the question which tasks stand still, and one virtual thread that ends at once.
 */
public final class StallWatch implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(StallWatch.class.getName());

  private static final Duration EVERY = Duration.ofSeconds(1);

  /** A task that moved less than this ago is looked at by nobody. */
  private static final long STANDING = Duration.ofSeconds(3).toNanos();

  /** More tasks than this, and a dump would take longer than a deadlock is worth. */
  private static final int MAX_TASKS_IN_DUMP = 20_000;

  private final Ticks ticks;
  private final LongFunction<List<StandingTask>> tasks;
  private final StallListener listener;
  private final DeadlockFinder deadlocks;
  private final CarrierWatch carriers = new CarrierWatch();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean beatArrived = true;
  private volatile List<String> current = List.of();
  private long beatSent;
  private int addedCarriers;

  /**
   * Creates a watch that does not look yet.
   *
   * @param ticks paces it
   * @param tasks gives the running attempts whose position has not changed for so many nanoseconds;
   *     all for 0
   * @param listener is told what is found
   */
  public StallWatch(Ticks ticks, LongFunction<List<StandingTask>> tasks, StallListener listener) {
    this.ticks = ticks;
    this.tasks = tasks;
    this.listener = listener;
    this.deadlocks = new DeadlockFinder(ticks, this::monitors);
    this.thread = Thread.ofPlatform().daemon().name("rolehost-stall-watch").unstarted(this::watch);
  }

  /** Begins to look; once. */
  public void start() {
    thread.start();
  }

  /** Returns what was found and goes on, one sentence each; for any thread. */
  public List<String> current() {
    return current;
  }

  /** Ends the looks, soon. */
  @Override
  public void close() {
    closed.countDown();
  }

  private void watch() {
    try {
      long asked = ticks.nanos();
      while (!closed.await(EVERY.toNanos(), TimeUnit.NANOSECONDS)) {
        // A process that was suspended has seen nothing in that time.
        boolean heldUp = ticks.nanos() - asked > 2 * EVERY.toNanos();
        look(heldUp);
        asked = ticks.nanos();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(boolean heldUp) {
    try {
      if (heldUp) {
        deadlocks.forget();
        carriers.forget();
      }
      boolean starving = starving(heldUp);
      List<StandingTask> standing = tasks.apply(STANDING);
      for (Deadlock found : deadlocks.look(standing)) {
        LOG.log(Level.WARNING, found.text());
        listener.deadlocked(found);
      }
      List<StandingTask> suspects =
          starving ? tasks.apply(0) : standing.stream().filter(StandingTask::reports).toList();
      for (HeldCarrier found : carriers.look(starving, suspects, ticks.nanos())) {
        LOG.log(Level.WARNING, found.text());
        listener.carrierHeld(found);
      }
      replaceHeldCarriers(starving);
      current =
          Stream.concat(
                  deadlocks.current().stream().map(Deadlock::summary),
                  carriers.current().stream().map(HeldCarrier::summary))
              .toList();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.WARNING, "A look at what keeps tasks from getting on failed", e);
    }
  }

  /**
   * A virtual thread that has nothing to do and yet does not come to it in a second is starving.
   */
  private boolean starving(boolean heldUp) {
    if (!beatArrived) {
      return !heldUp && ticks.nanos() - beatSent >= EVERY.toNanos() / 2;
    }
    beatArrived = false;
    beatSent = ticks.nanos();
    Thread _ = Thread.ofVirtual().name("rolehost-beat").start(() -> beatArrived = true);
    return false;
  }

  /** Others get on again when there is a carrier for each that is held; until it is given back. */
  private void replaceHeldCarriers(boolean starving) {
    int held = Math.min(carriers.current().size(), Runtime.getRuntime().availableProcessors());
    int wanted = starving ? Math.max(held, addedCarriers) : Math.min(held, addedCarriers);
    if (wanted != addedCarriers
        && Carriers.setParallelism(Carriers.parallelism() + wanted - addedCarriers)) {
      LOG.log(
          Level.INFO,
          "{0} carriers of virtual threads are held by bodies that do not pause; as many were"
              + " added",
          wanted);
      addedCarriers = wanted;
    }
  }

  private List<ThreadFacts> monitors() throws IOException {
    if (tasks.apply(0).size() > MAX_TASKS_IN_DUMP) {
      throw new IOException(
          "with more than " + MAX_TASKS_IN_DUMP + " tasks a dump of all threads takes too long");
    }
    return ThreadDump.facts();
  }
}
