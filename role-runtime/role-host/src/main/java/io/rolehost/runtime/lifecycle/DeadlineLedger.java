package io.rolehost.runtime.lifecycle;

/**
 * The one deadline that every step of a stop draws on. All times are monotonic nanoseconds.
 *
 * @param asked when the stop was asked for
 * @param deadline when the process must be gone
 * @param latest what {@link #extend} can't go past
 * @param fullReserve the configured reserve for the dump and the halt
 * @param reserve the reserve of this deadline: at most a quarter of what was left when it was set
 */
public record DeadlineLedger(
    long asked, long deadline, long latest, long fullReserve, long reserve) {

  /**
   * Opens the ledger of a stop.
   *
   * @param grace how long the stop may take
   * @param hardCap how long it may take at the very most; not below {@code grace}
   * @param reserve for the dump and the halt
   */
  public static DeadlineLedger open(long now, long grace, long hardCap, long reserve) {
    return new DeadlineLedger(
        now, now + grace, now + Math.max(grace, hardCap), reserve, reserveOf(grace, reserve));
  }

  /** Returns when orderly work must end, so that a dump can still be written. */
  public long orderlyEnd() {
    return deadline - reserve;
  }

  /** Returns when the drain must end: it takes at most a third, so that the rest has its share. */
  public long drainEnd() {
    return asked + (deadline - asked) / 3;
  }

  /** Returns when half of the grace is gone. */
  public long half() {
    return asked + (deadline - asked) / 2;
  }

  /** Returns how much is left for orderly work; never negative. */
  public long remaining(long now) {
    return Math.max(0, orderlyEnd() - now);
  }

  /** Moves the deadline later, within the hard cap. */
  public DeadlineLedger extend(long now, long by) {
    long moved = Math.min(latest, deadline + by);
    return moved <= deadline ? this : movedTo(now, moved);
  }

  /** Cuts what is left to {@code left}; never moves the deadline later. */
  public DeadlineLedger cut(long now, long left) {
    return now + left >= deadline ? this : movedTo(now, now + left);
  }

  private DeadlineLedger movedTo(long now, long moved) {
    return new DeadlineLedger(
        asked, moved, Math.max(latest, moved), fullReserve, reserveOf(moved - now, fullReserve));
  }

  private static long reserveOf(long left, long reserve) {
    return Math.min(reserve, Math.max(0, left) / 4);
  }
}
