package io.rolehost.runtime.management;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How many refusals are written down: {@value #BURST} at once, then one a minute, so that who is
 * refused as often as they like can't push everything else out of a journal. Pure but for its own
 * count; safe for all threads.
 */
public final class RefusalBudget {

  static final int BURST = 10;
  private static final long REFILL_NANOS = Duration.ofMinutes(1).toNanos();

  private long left = BURST;
  private long filledAt;
  private boolean begun;
  private long unsaid;

  /** Creates one that is full. */
  public RefusalBudget() {}

  /**
   * Takes note of a refusal.
   *
   * @param nanos now, of a clock that only goes forward
   * @return how many before it were passed over; empty if this one is passed over too
   */
  public synchronized OptionalLong spend(long nanos) {
    if (!begun) {
      begun = true;
      filledAt = nanos;
    }
    long refills = Math.max(0, (nanos - filledAt) / REFILL_NANOS);
    filledAt += refills * REFILL_NANOS;
    left = Math.min(BURST, left + refills);
    if (left == 0) {
      unsaid++;
      return OptionalLong.empty();
    }
    left--;
    return OptionalLong.of(takeUnsaid());
  }

  /** Returns how many were passed over since they were last told, and begins to count anew. */
  public synchronized long takeUnsaid() {
    long told = unsaid;
    unsaid = 0;
    return told;
  }
}
