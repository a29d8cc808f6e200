package io.rolehost.jobs;

import java.time.Instant;

/**
 * One planned run of a schedule.
 *
 * @param planned when it was due; the run itself may be later
 * @param missed how many planned runs before it were not made up for
 */
@JobType("rolehost.tick")
public record Tick(String schedule, Instant planned, int missed) {}
