package io.rolehost.jobs.queue;

import io.rolehost.api.FatalTaskException;
import io.rolehost.api.StopToken;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a handler on a thread of its own and waits for it, but not for ever: one that does not leave
 * is left behind, where it reaches nothing any more.
 */
final class AttemptRunner {

  /** How long a handler may take to leave after its interrupt. */
  private static final Duration LEAVE = Duration.ofSeconds(2);

  /** At a stop it is less: supervision gives a task 1 s after its interrupt. */
  private static final Duration LEAVE_AT_STOP = Duration.ofMillis(500);

  /** So many handlers may be left behind in a process before it has to go. */
  private static final int MOST_ABANDONED = 100;

  private static final System.Logger LOG = System.getLogger(AttemptRunner.class.getName());
  private static final AtomicInteger ABANDONED = new AtomicInteger();

  private final String queue;
  private final Counts counts;

  AttemptRunner(String queue, Counts counts) {
    this.queue = queue;
    this.counts = counts;
  }

  /** Runs an attempt to its end; on the slot's thread. */
  Ending run(Attempt attempt, Handling<?> handling, Object payload, StopToken roleStop) {
    Thread thread = Thread.ofVirtual().name("job").unstarted(() -> attempt.run(handling, payload));
    Duration limit = handling.trigger().timeout();
    long begun = System.nanoTime();
    counts.running.incrementAndGet();
    thread.start();
    try {
      Ending ending;
      if (thread.join(limit)) {
        ending = ended(attempt, thread, new Ending.TimedOut(limit));
      } else {
        counts.timedOut.increment();
        attempt.token().cancel();
        thread.interrupt();
        boolean _ = thread.join(LEAVE);
        // What it says now came too late, whatever it is: the limit is what others rely on.
        Ending late = ended(attempt, thread, new Ending.TimedOut(limit));
        ending =
            late instanceof Ending.Threw threw && Outcome.endsRole(threw.failure())
                ? late
                : new Ending.TimedOut(limit);
      }
      return attempt.isCancelAsked()
              && ending instanceof Ending.Threw
              && !roleStop.isStopRequested()
          ? new Ending.Cancelled()
          : ending;
    } catch (InterruptedException stopLimitIsOver) {
      return stopped(attempt, thread);
    } finally {
      counts.handled(System.nanoTime() - begun);
      counts.running.decrementAndGet();
    }
  }

  private Ending stopped(Attempt attempt, Thread thread) {
    attempt.token().cancel();
    thread.interrupt();
    try {
      boolean _ = thread.join(LEAVE_AT_STOP);
    } catch (InterruptedException again) {
      // no more time at all
    }
    return ended(attempt, thread, new Ending.Stopped());
  }

  private Ending ended(Attempt attempt, Thread thread, Ending otherwise) {
    Ending ending = attempt.close().orElse(otherwise);
    if (thread.isAlive() && thread.getState() != Thread.State.TERMINATED) {
      leaveBehind(attempt, thread);
    }
    return ending;
  }

  private void leaveBehind(Attempt attempt, Thread thread) {
    StringBuilder stack = new StringBuilder();
    for (StackTraceElement frame : thread.getStackTrace()) {
      stack.append("\n\tat ").append(frame);
    }
    if (stack.isEmpty() && !thread.isAlive()) {
      return; // it left just now
    }
    counts.abandoned.incrementAndGet();
    int all = ABANDONED.incrementAndGet();
    Thread _ =
        Thread.startVirtualThread(() -> {
          try {
            thread.join();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            counts.abandoned.decrementAndGet();
            ABANDONED.decrementAndGet();
          }
        });
    LOG.log(
        System.Logger.Level.WARNING,
        "The handler of job {0} in \"{1}\" does not leave after its interrupt; it is left behind"
            + " and reaches nothing any more. It is here:{2}",
        attempt.id(),
        queue,
        stack);
    if (all >= MOST_ABANDONED) {
      throw new FatalTaskException(
          all
              + " handlers of this process were left behind and still run; only a new process gets"
              + " rid of them. The log has where each stands");
    }
  }
}
