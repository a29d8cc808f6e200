package io.rolehost.jobs;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * When a schedule ticks, and what becomes of ticks that can't be had as planned. Immutable.
 *
 * @param name what it is called by operators and in the ledger; the expression where none is given.
 *     Two schedules of a deployment with one name are one schedule
 * @param zone whose clocks count; UTC by default
 * @param gap what becomes of a time that clocks skip in spring
 * @param repeated how often a time comes that clocks show twice in autumn
 * @param missed what becomes of ticks while nobody ran
 * @param maxLateness ticks later than this are recorded as missed, not run
 * @param overlap what becomes of a tick while the run before is not over
 */
public record ScheduleTrigger(
    Optional<String> name,
    When when,
    ZoneId zone,
    Gap gap,
    Repeated repeated,
    Missed missed,
    Duration maxLateness,
    Overlap overlap) {

  /** What makes it tick. */
  public sealed interface When {
    /** By the clock on the wall. */
    record Cron(String expression) implements When {}

    /** By a fixed distance. */
    record Every(Duration period) implements When {}

    /** Once. */
    record OnceAt(Instant instant) implements When {}

    /** Once, counted from the first declaration. */
    record OnceAfter(Duration delay) implements When {}
  }

  /** What becomes of 02:30 on the day when clocks go from 02:00 to 03:00. */
  public enum Gap {
    /** It comes when the gap ends, at 03:00. The default: a nightly job is not left out. */
    RUN_AT_GAP_END,
    /** It does not come that day. */
    SKIP
  }

  /** How often 02:30 comes on the day when clocks go from 03:00 back to 02:00. */
  public enum Repeated {
    /**
     * Once, the first time, where the expression names single times; each time where it names a
     * distance (a star, a range or a step among seconds, minutes or hours). As WebJobs.
     */
    BY_EXPRESSION,
    /** Once, the first time. */
    ONCE,
    /** Both times. */
    TWICE
  }

  /** What becomes of ticks while nobody ran. */
  public sealed interface Missed {
    /** They are recorded as missed. */
    record Skip() implements Missed {}

    /** The last of them runs, late. The default. */
    record Once() implements Missed {}

    /** The last so many run, late, in order. */
    record All(int most) implements Missed {}
  }

  /** What becomes of a tick while the run before is not over. */
  public enum Overlap {
    /** It is recorded as skipped; that is no failure. The default. */
    SKIP,
    /** One waits; further ones are skipped. */
    QUEUE_ONE,
    /** The older run is cancelled. */
    CANCEL_OLD,
    /** Both run. */
    ALLOW
  }

  static ScheduleTrigger of(When when) {
    return new ScheduleTrigger(
        Optional.empty(),
        when,
        ZoneOffset.UTC,
        Gap.RUN_AT_GAP_END,
        Repeated.BY_EXPRESSION,
        new Missed.Once(),
        Duration.ofDays(1),
        Overlap.SKIP);
  }

  /** Names it; a name makes it survive a change of its expression. */
  public ScheduleTrigger named(String given) {
    return new ScheduleTrigger(
        Optional.of(given), when, zone, gap, repeated, missed, maxLateness, overlap);
  }

  /** Counts by the clocks of a zone. */
  public ScheduleTrigger zone(ZoneId given) {
    return new ScheduleTrigger(name, when, given, gap, repeated, missed, maxLateness, overlap);
  }

  /** Says what becomes of a time that clocks skip. */
  public ScheduleTrigger gap(Gap given) {
    return new ScheduleTrigger(name, when, zone, given, repeated, missed, maxLateness, overlap);
  }

  /** Says how often a time comes that clocks show twice. */
  public ScheduleTrigger repeated(Repeated given) {
    return new ScheduleTrigger(name, when, zone, gap, given, missed, maxLateness, overlap);
  }

  /** Says what becomes of ticks while nobody ran. */
  public ScheduleTrigger missed(Missed given) {
    return new ScheduleTrigger(name, when, zone, gap, repeated, given, maxLateness, overlap);
  }

  /** Lets ticks be no later than this. */
  public ScheduleTrigger maxLateness(Duration given) {
    return new ScheduleTrigger(name, when, zone, gap, repeated, missed, given, overlap);
  }

  /** Says what becomes of a tick while the run before is not over. */
  public ScheduleTrigger overlap(Overlap given) {
    return new ScheduleTrigger(name, when, zone, gap, repeated, missed, maxLateness, given);
  }
}
