package io.rolehost.jobs.queue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** What this process has done of one queue. Safe for all threads. */
public final class Counts {

  final LongAdder done = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder dead = new LongAdder();
  final LongAdder parked = new LongAdder();
  final LongAdder givenBack = new LongAdder();
  final LongAdder timedOut = new LongAdder();
  final LongAdder overtaken = new LongAdder();
  final LongAdder nanos = new LongAdder();
  final LongAdder retried = new LongAdder();
  final LongAdder cancelled = new LongAdder();
  final LongAdder begun = new LongAdder();
  final LongAdder waitMillis = new LongAdder();
  final AtomicInteger running = new AtomicInteger();
  final AtomicInteger abandoned = new AtomicInteger();

  private final LongConsumer handled;

  Counts(LongConsumer handled) {
    this.handled = handled;
  }

  /** Counts the first attempt at a job that was sent so long ago. */
  void began(long millis) {
    begun.increment();
    waitMillis.add(Math.max(0, millis));
  }

  /** Counts an attempt that took so long, however it ended. */
  void handled(long took) {
    nanos.add(took);
    handled.accept(took);
  }

  /** Returns jobs that ended well. */
  public long done() {
    return done.sum();
  }

  /** Returns attempts that failed. */
  public long failed() {
    return failed.sum();
  }

  /** Returns jobs that became dead letters. */
  public long dead() {
    return dead.sum();
  }

  /** Returns attempts that failed and that another one follows. */
  public long retried() {
    return retried.sum();
  }

  /** Returns jobs that ended because somebody asked. */
  public long cancelled() {
    return cancelled.sum();
  }

  /** Returns jobs whose first attempt was made here. */
  public long begun() {
    return begun.sum();
  }

  /** Returns how long they had waited since they were sent, all together. */
  public long waitMillis() {
    return waitMillis.sum();
  }

  /** Returns messages of unknown type that were put aside. */
  public long parked() {
    return parked.sum();
  }

  /** Returns messages that were given back at a stop. */
  public long givenBack() {
    return givenBack.sum();
  }

  /** Returns attempts that were broken off at their deadline. */
  public long timedOut() {
    return timedOut.sum();
  }

  /** Returns messages of a group that came after a later one. */
  public long overtaken() {
    return overtaken.sum();
  }

  /** Returns the nanoseconds that handlers took, all attempts together. */
  public long nanos() {
    return nanos.sum();
  }

  /** Returns attempts that run now. */
  public int running() {
    return running.get();
  }

  /** Returns handlers that were left behind and still run. */
  public int abandoned() {
    return abandoned.get();
  }
}
