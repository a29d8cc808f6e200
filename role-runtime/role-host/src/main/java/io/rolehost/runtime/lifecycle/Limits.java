package io.rolehost.runtime.lifecycle;

/**
 * The times a lifecycle is driven by, in nanoseconds.
 *
 * @param startTimeout for {@code onStart}, and again for {@code onApplicationStart}
 * @param startOnTimeout what follows when it is over
 * @param grace of a stop
 * @param hardCap of a stop that was extended
 * @param killReserve for the dump and the halt
 * @param stopOnTimeout what follows when all but the kill reserve is used up
 * @param returnStops whether a return of {@code run} ends the instance for good
 * @param off true under a debugger: no start limit and no deadline
 */
public record Limits(
    long startTimeout,
    OnTimeout startOnTimeout,
    long grace,
    long hardCap,
    long killReserve,
    OnTimeout stopOnTimeout,
    boolean returnStops,
    boolean off) {

  /** How long a body has to leave after its interrupt before it is fenced. */
  public static final long AFTER_INTERRUPT = 1_000_000_000L;

  /** How long {@code run} has to leave after its token was cancelled before it is interrupted. */
  public static final long RUN_STOP_LIMIT = 5_000_000_000L;

  /** What a second INT, or a late second TERM, leaves of the grace. */
  public static final long URGENT = 1_000_000_000L;

  /** A TERM this long after the first signal is meant as a second one. */
  public static final long SECOND_TERM_AFTER = 2_000_000_000L;
}
