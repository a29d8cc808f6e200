package io.rolehost.runtime.supervision;

/**
 * A running attempt that has not reported progress for some time.
 *
 * @param task the full name of the task
 * @param attempt 1, 2, …
 * @param thread where its body runs
 * @param standingNanos how long its position has not changed
 */
public record StandingTask(String task, int attempt, Thread thread, long standingNanos) {}
