package io.rolehost.jobs.schedule;

import io.rolehost.jobs.ScheduleTrigger.Gap;
import io.rolehost.jobs.ScheduleTrigger.Repeated;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/**
 * The ticks of a cron expression by the clocks of a zone. It goes from one change of those clocks
 * to the next: in between they run as clocks without any zone do.
 *
 * <p>A single time that clocks skip comes when the gap ends; a distance (each half hour) goes on
 * after the gap as if nothing were, since it has left out nothing in real time.
 */
record CronTable(CronTimes times, ZoneRules rules, Gap gap, Repeated repeated)
    implements Timetable {

  /** An expression that exists comes within eight years (29 February around 2100). */
  private static final int MOST_CHANGES = 50;

  @Override
  public Optional<Instant> first(Instant declared) {
    return next(declared);
  }

  @Override
  public Optional<Instant> next(Instant after) {
    ZoneOffset offset = rules.getOffset(after);
    LocalDateTime from = LocalDateTime.ofEpochSecond(after.getEpochSecond(), 0, offset);
    ZoneOffsetTransition before = rules.previousTransition(after.plusNanos(1));
    if (before != null) {
      from = pastRepetition(from, before);
    }
    Instant begin = after;
    for (int change = 0; change < MOST_CHANGES; change++) {
      Optional<LocalDateTime> found = times.after(from);
      ZoneOffsetTransition ahead = rules.nextTransition(begin);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      if (ahead == null || found.get().isBefore(ahead.getDateTimeBefore())) {
        return Optional.of(found.get().toInstant(offset));
      }
      if (ahead.isGap() && endsInTick(ahead, found.get())) {
        return Optional.of(ahead.getInstant());
      }
      begin = ahead.getInstant();
      offset = ahead.getOffsetAfter();
      // One second back, since the first second after the change may be a tick.
      from = pastRepetition(ahead.getDateTimeAfter().minusSeconds(1), ahead);
    }
    return Optional.empty();
  }

  private boolean endsInTick(ZoneOffsetTransition skipped, LocalDateTime first) {
    return gap == Gap.RUN_AT_GAP_END
        && !times.distance()
        && first.isBefore(skipped.getDateTimeAfter());
  }

  /** Leaves out the second pass of an hour that clocks show twice, if it does not count. */
  private LocalDateTime pastRepetition(LocalDateTime from, ZoneOffsetTransition change) {
    boolean counts =
        switch (repeated) {
          case TWICE -> true;
          case ONCE -> false;
          case BY_EXPRESSION -> times.distance();
        };
    LocalDateTime end = change.getDateTimeBefore().minusSeconds(1);
    boolean inside =
        change.isOverlap()
            && !from.isBefore(change.getDateTimeAfter().minusSeconds(1))
            && from.isBefore(end);
    return inside && !counts ? end : from;
  }
}
