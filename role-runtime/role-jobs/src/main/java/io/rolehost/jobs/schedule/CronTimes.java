package io.rolehost.jobs.schedule;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.CronStyle;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The times on the wall that a cron expression names, without any zone: what becomes of times that
 * a wall clock skips or shows twice is not the expression's business.
 */
final class CronTimes {

  /** The library answers with the year 2500 where an expression never comes. */
  private static final int NEVER = 2400;

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private final CronSchedule schedule;
  private final boolean distance;

  private CronTimes(CronSchedule schedule, boolean distance) {
    this.schedule = schedule;
    this.distance = distance;
  }

  /**
   * Reads five fields (minutes first) or six (seconds first).
   *
   * @throws IllegalArgumentException if it can't be read or never comes
   */
  static CronTimes parse(String expression) {
    String given = expression.strip();
    int fields = BLANKS.split(given, -1).length;
    String six = fields == 5 ? "0 " + given : given;
    CronSchedule schedule;
    try {
      schedule = new CronSchedule(six, ZoneOffset.UTC, CronStyle.SPRING53);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "The cron expression \""
              + given
              + "\" can't be read: "
              + e.getMessage()
              + ". Expected are six fields (second minute hour day-of-month month day-of-week) or"
              + " five (without the second).",
          e);
    }
    CronTimes times = new CronTimes(schedule, namesDistance(six));
    if (times.after(LocalDateTime.of(2000, 1, 1, 0, 0)).isEmpty()) {
      throw new IllegalArgumentException(
          "The cron expression \"" + given + "\" never comes: no such day is in any year.");
    }
    return times;
  }

  private static boolean namesDistance(String six) {
    if (six.startsWith("@")) {
      return six.equals("@hourly");
    }
    String[] fields = BLANKS.split(six, -1);
    for (int i = 0; i < 3; i++) {
      if (fields[i].matches(".*[*/-].*")) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether seconds, minutes or hours hold a star, a range or a step. */
  boolean distance() {
    return distance;
  }

  /** Returns the first time after another. */
  Optional<LocalDateTime> after(LocalDateTime time) {
    Instant next =
        schedule.getNextExecutionTime(
            ExecutionComplete.simulatedSuccess(time.toInstant(ZoneOffset.UTC)));
    LocalDateTime found = LocalDateTime.ofInstant(next, ZoneOffset.UTC);
    return found.getYear() >= NEVER ? Optional.empty() : Optional.of(found);
  }
}
