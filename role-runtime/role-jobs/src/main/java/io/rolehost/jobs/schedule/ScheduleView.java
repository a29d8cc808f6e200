package io.rolehost.jobs.schedule;

import io.rolehost.jobs.ScheduleTrigger;
import io.rolehost.jobs.ledger.ScheduleRows;
import io.rolehost.jobs.ledger.Ticks;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One schedule, for people.
 *
 * @param described what makes it tick, with its zone
 * @param next the next five ticks as planned, also while it is paused
 * @param last the last ticks and what became of them, the newest first
 */
public record ScheduleView(
    String name,
    String queue,
    String described,
    ScheduleTrigger trigger,
    Optional<ScheduleRows.Paused> paused,
    List<Instant> next,
    List<Ticks.Entry> last) {}
