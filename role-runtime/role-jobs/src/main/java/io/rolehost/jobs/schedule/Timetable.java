package io.rolehost.jobs.schedule;

import io.rolehost.jobs.ScheduleTrigger;
import io.rolehost.jobs.ScheduleTrigger.When;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** When a schedule ticks. Immutable; all instants are whole milliseconds. */
public sealed interface Timetable permits CronTable, Timetable.Periodic, Timetable.Single {

  /** A shorter period than this would be a busy loop of messages. */
  Duration SHORTEST = Duration.ofMillis(100);

  /** Returns the first tick after an instant; empty if there is none any more. */
  Optional<Instant> next(Instant after);

  /** Returns the first tick of a schedule that was declared at an instant. */
  Optional<Instant> first(Instant declared);

  /** Returns the next so many ticks. */
  default List<Instant> next(Instant after, int count) {
    List<Instant> found = new ArrayList<>();
    Optional<Instant> next = next(after);
    while (next.isPresent() && found.size() < count) {
      found.add(next.get());
      next = next(next.get());
    }
    return List.copyOf(found);
  }

  /**
   * Returns the timetable of a schedule.
   *
   * @param since when it was declared in this form for the first time
   * @throws IllegalArgumentException if its expression can't be read, or never comes
   */
  static Timetable of(ScheduleTrigger trigger, Instant since) {
    return switch (trigger.when()) {
      case When.Cron(String expression) ->
          new CronTable(
              CronTimes.parse(expression),
              trigger.zone().getRules(),
              trigger.gap(),
              trigger.repeated());
      case When.Every(Duration period) -> new Periodic(millis(since), period);
      case When.OnceAt(Instant instant) -> new Single(millis(instant));
      case When.OnceAfter(Duration delay) -> new Single(millis(since.plus(delay)));
    };
  }

  private static Instant millis(Instant instant) {
    return Instant.ofEpochMilli(instant.toEpochMilli());
  }

  /** Again and again at one distance, counted from its first declaration. */
  record Periodic(Instant since, Duration period) implements Timetable {

    /** Checks the period. */
    public Periodic {
      if (period.compareTo(SHORTEST) < 0) {
        throw new IllegalArgumentException(
            "A schedule's period must be at least " + SHORTEST.toMillis() + " ms, was " + period);
      }
    }

    @Override
    public Optional<Instant> next(Instant after) {
      long distance = period.toMillis();
      long passed = after.toEpochMilli() - since.toEpochMilli();
      long count = passed < 0 ? 1 : passed / distance + 1;
      return Optional.of(since.plusMillis(count * distance));
    }

    @Override
    public Optional<Instant> first(Instant declared) {
      return next(declared);
    }
  }

  /** Once. */
  record Single(Instant instant) implements Timetable {

    @Override
    public Optional<Instant> next(Instant after) {
      return instant.isAfter(after) ? Optional.of(instant) : Optional.empty();
    }

    /** Also an instant that is over: what becomes of it is a question of lateness. */
    @Override
    public Optional<Instant> first(Instant declared) {
      return Optional.of(instant);
    }
  }
}
