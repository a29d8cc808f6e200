package io.rolehost.runtime.supervision;

import io.rolehost.api.Task;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.OptionalLong;

/**
 * Where one attempt is and since when it has been there. The attempt writes a number; whoever owns
 * the machine looks whether it changed. Times are ticks. One object with the attempt, because a
 * million are looked at in a row.
 */
abstract class ProgressWatch {

  private static final long IDLE = Long.MIN_VALUE;
  private static final long NOTHING_YET = Long.MIN_VALUE + 1;
  private static final VarHandle WRITTEN;

  static {
    try {
      WRITTEN = MethodHandles.lookup().findVarHandle(ProgressWatch.class, "written", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private long written = NOTHING_YET;
  private long seen = NOTHING_YET;
  private long changedAt;

  /** Where {@link HangWatch} keeps it. */
  byte watchClass = -1;

  int watchSlot;

  /** Whether it stood still past its soft limit when it was last looked at. */
  boolean suspected;

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

  /** Writes a position; called by the attempt. */
  final void write(long position) {
    // The two smallest numbers have a meaning of their own here.
    WRITTEN.setOpaque(this, Math.max(position, NOTHING_YET + 1));
  }

  /** Writes that there is nothing to do; called by the attempt. */
  final void writeIdle() {
    WRITTEN.setOpaque(this, IDLE);
  }

  /** Looks, and returns how long the position has not changed; 0 while idle. Of the owner alone. */
  final long look(long now) {
    long position = (long) WRITTEN.getOpaque(this);
    if (position != seen || position == IDLE) {
      seen = position;
      changedAt = now;
    }
    return Math.max(0, now - changedAt);
  }

  /** Begins to look: what was before does not count. */
  final void beginAt(long now) {
    changedAt = now;
  }

  /** Takes off a time in which the whole process stood still, so that nobody looked. */
  final void forgive(long nanos) {
    changedAt += nanos;
  }

  /** Returns what the last look saw, for others. */
  final long standingNanos(long now) {
    long position = (long) WRITTEN.getOpaque(this);
    return position == IDLE || position != seen ? 0 : Math.max(0, now - changedAt);
  }

  /** Returns when the position last changed, as far as was looked. */
  final long changedAt() {
    return changedAt;
  }

  /** Returns whether it ever said anything. */
  final boolean hasReported() {
    return (long) WRITTEN.getOpaque(this) != NOTHING_YET;
  }

  /** Returns the position written last. */
  final OptionalLong position() {
    long position = (long) WRITTEN.getOpaque(this);
    return position == IDLE || position == NOTHING_YET
        ? OptionalLong.empty()
        : OptionalLong.of(position);
  }
}
