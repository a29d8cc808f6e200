package io.rolehost.runtime.supervision;

/**
 * A running attempt that has made no progress for some time, as far as anybody was told.
 *
 * @param task the full name of the task
 * @param attempt 1, 2, …
 * @param thread where its body runs
 * @param standingNanos how long its position has not changed
 * @param reports whether it has limits, or ever reported something: of another one nobody knows
 *     whether it gets on
 */
public record StandingTask(
    String task, int attempt, Thread thread, long standingNanos, boolean reports) {}
