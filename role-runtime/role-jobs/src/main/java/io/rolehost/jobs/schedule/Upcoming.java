package io.rolehost.jobs.schedule;

import io.rolehost.jobs.ledger.ScheduleRows;
import java.time.Instant;
import java.util.Optional;

/**
 * When a schedule comes next.
 *
 * @param next as planned, also while it is paused; empty if it comes no more
 */
public record Upcoming(String name, Optional<Instant> next, Optional<ScheduleRows.Paused> paused) {}
