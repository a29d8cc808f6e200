package io.rolehost.runtime.supervision;

import io.rolehost.api.Task;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where one attempt is and since when it has been there. The attempt writes a number; whoever looks
 * finds out whether it changed. Times are ticks.
 */
final class ProgressWatch {

  private static final long IDLE = Long.MIN_VALUE;
  private static final long NOTHING_YET = Long.MIN_VALUE + 1;
  private static final long SHORTEST_LOOK = Duration.ofMillis(10).toNanos();
  private static final long LONGEST_LOOK = Duration.ofSeconds(1).toNanos();

  private final AtomicLong written = new AtomicLong(NOTHING_YET);
  private long seen = NOTHING_YET;
  private long changedAt;

  ProgressWatch(long now) {
    this.changedAt = now;
  }

  /** What the time without progress means. */
  enum Verdict {
    MOVES,
    SUSPECT,
    HUNG
  }

  /** Judges a time without progress by the limits. Pure. */
  static Verdict judge(Task.HangLimits limits, long standingNanos) {
    if (standingNanos >= RestartPolicy.nanos(limits.hard())) {
      return Verdict.HUNG;
    }
    return standingNanos >= RestartPolicy.nanos(limits.soft()) ? Verdict.SUSPECT : Verdict.MOVES;
  }

  /** Returns how long to wait between two looks: an eighth of the soft limit, 10 ms to 1 s. */
  static long lookEvery(Task.HangLimits limits) {
    return Math.clamp(RestartPolicy.nanos(limits.soft()) / 8, SHORTEST_LOOK, LONGEST_LOOK);
  }

  /** Writes a position; called by the attempt. */
  void progress(long position) {
    // The two smallest numbers have a meaning of their own here.
    written.setOpaque(Math.max(position, NOTHING_YET + 1));
  }

  /** Writes that there is nothing to do; called by the attempt. */
  void idle() {
    written.setOpaque(IDLE);
  }

  /** Looks, and returns how long the position has not changed; 0 while idle. */
  synchronized long standingNanos(long now) {
    long position = written.getOpaque();
    if (position != seen || position == IDLE) {
      seen = position;
      changedAt = now;
    }
    return Math.max(0, now - changedAt);
  }

  /** Takes off a time in which the whole process stood still, so that nobody looked. */
  synchronized void forgive(long nanos) {
    changedAt += nanos;
  }

  /** Returns when the position last changed, as far as was looked. */
  synchronized long changedAt() {
    return changedAt;
  }

  /** Returns the position written last. */
  OptionalLong position() {
    long position = written.getOpaque();
    return position == IDLE || position == NOTHING_YET
        ? OptionalLong.empty()
        : OptionalLong.of(position);
  }
}
