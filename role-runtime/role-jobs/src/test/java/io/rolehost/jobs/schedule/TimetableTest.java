package io.rolehost.jobs.schedule;

import static io.rolehost.jobs.Triggers.cron;
import static io.rolehost.jobs.Triggers.every;
import static io.rolehost.jobs.Triggers.onceAfter;
import static io.rolehost.jobs.Triggers.onceAt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.jobs.ScheduleTrigger;
import io.rolehost.jobs.ScheduleTrigger.Gap;
import io.rolehost.jobs.ScheduleTrigger.Repeated;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When schedules tick: over the changes of clocks in a year, and elsewhere. */
final class TimetableTest {

  private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NEXT_YEAR = Instant.parse("2027-01-01T00:00:00Z");

  private static Timetable table(ScheduleTrigger trigger) {
    return Timetable.of(trigger, NEW_YEAR);
  }

  private static List<Instant> between(Timetable table, Instant from, Instant to) {
    List<Instant> found = new ArrayList<>();
    Optional<Instant> next = table.next(from);
    while (next.isPresent() && next.get().isBefore(to)) {
      found.add(next.get());
      next = table.next(next.get());
    }
    return found;
  }

  private static List<String> onDay(ScheduleTrigger trigger, String day) {
    ZoneId zone = trigger.zone();
    LocalDate date = LocalDate.parse(day);
    Instant from = date.atStartOfDay(zone).toInstant().minusMillis(1);
    Instant to = date.plusDays(1).atStartOfDay(zone).toInstant();
    return between(table(trigger), from, to).stream()
        .map(each -> OffsetDateTime.ofInstant(each, zone))
        .map(each -> each.toLocalTime() + each.getOffset().toString())
        .toList();
  }

  /** The year minute by minute, as a clock on the wall shows it: nothing is computed ahead. */
  private static List<Instant> minutes(ZoneId zone, BiPredicate<LocalDateTime, Boolean> wanted) {
    ZoneRules rules = zone.getRules();
    List<Instant> found = new ArrayList<>();
    for (Instant minute = NEW_YEAR.plusSeconds(60);
        minute.isBefore(NEXT_YEAR);
        minute = minute.plusSeconds(60)) {
      LocalDateTime shown = LocalDateTime.ofInstant(minute, zone);
      List<ZoneOffset> offsets = rules.getValidOffsets(shown);
      boolean again = offsets.size() == 2 && rules.getOffset(minute).equals(offsets.get(1));
      if (wanted.test(shown, again)) {
        found.add(minute);
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Europe/Paris",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "America/Sao_Paulo",
        "Pacific/Chatham",
        "Africa/Casablanca"
      })
  void distance_overAWholeYear_comesEachTimeTheClockShowsIt(String id) {
    ZoneId zone = ZoneId.of(id);
    assertEquals(
        minutes(zone, (shown, again) -> shown.getMinute() % 20 == 5),
        between(table(cron("0 5/20 * * * *").zone(zone)), NEW_YEAR, NEXT_YEAR));
    assertEquals(
        minutes(zone, (shown, again) -> shown.getMinute() % 20 == 5 && !again),
        between(
            table(cron("5/20 * * * *").zone(zone).repeated(Repeated.ONCE)), NEW_YEAR, NEXT_YEAR));
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Paris, 2, 30",
    "America/New_York, 2, 30",
    "America/New_York, 1, 30",
    "Australia/Lord_Howe, 2, 10",
    "Australia/Lord_Howe, 1, 45",
    "Asia/Kolkata, 2, 30",
    "America/Sao_Paulo, 0, 0",
    "Pacific/Chatham, 3, 0",
    "Africa/Casablanca, 2, 30"
  })
  void singleTime_overAWholeYear_comesOnceADay(String id, int hour, int minute) {
    ZoneId zone = ZoneId.of(id);
    ScheduleTrigger daily = cron("0 " + minute + " " + hour + " * * *").zone(zone);
    List<Instant> expected = new ArrayList<>();
    for (LocalDate day = LocalDate.of(2025, 12, 31);
        day.isBefore(LocalDate.of(2027, 1, 2));
        day = day.plusDays(1)) {
      LocalDateTime time = day.atTime(LocalTime.of(hour, minute));
      // of an overlap the first; in a gap its end
      Instant instant =
          zone.getRules().getValidOffsets(time).isEmpty()
              ? zone.getRules().getTransition(time).getInstant()
              : time.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
      if (instant.isAfter(NEW_YEAR) && instant.isBefore(NEXT_YEAR)) {
        expected.add(instant);
      }
    }
    assertEquals(expected, between(table(daily), NEW_YEAR, NEXT_YEAR));
    assertEquals(
        minutes(zone, (shown, again) -> shown.toLocalTime().equals(LocalTime.of(hour, minute))),
        between(table(daily.gap(Gap.SKIP).repeated(Repeated.TWICE)), NEW_YEAR, NEXT_YEAR));
  }

  @Test
  void timeInTheGap_comesWhenItEndsOrNotThatDay() {
    ScheduleTrigger nightly = cron("0 30 2 * * *").zone(ZoneId.of("Europe/Paris"));
    assertEquals(List.of("03:00+02:00"), onDay(nightly, "2026-03-29"));
    assertEquals(List.of("02:30+02:00"), onDay(nightly, "2026-03-30"));
    assertEquals(List.of(), onDay(nightly.gap(Gap.SKIP), "2026-03-29"));
    ScheduleTrigger both = cron("0 0,30 2,3 * * *").zone(ZoneId.of("Europe/Paris"));
    assertEquals(List.of("03:00+02:00", "03:30+02:00"), onDay(both, "2026-03-29"));
  }

  @Test
  void timeShownTwice_comesInTheFirstPassUnlessAskedForBoth() {
    ScheduleTrigger nightly = cron("0 30 1 * * *").zone(ZoneId.of("America/New_York"));
    assertEquals(List.of("01:30-04:00"), onDay(nightly, "2026-11-01"));
    assertEquals(
        List.of("01:30-04:00", "01:30-05:00"),
        onDay(nightly.repeated(Repeated.TWICE), "2026-11-01"));
    Instant insideTheSecondPass = Instant.parse("2026-11-01T06:10:00Z");
    assertEquals(
        Optional.of(Instant.parse("2026-11-02T06:30:00Z")),
        table(nightly).next(insideTheSecondPass));
  }

  @Test
  void halfHourly_overBothChanges_losesNothing() {
    ScheduleTrigger half = cron("0 */30 1-3 * * *").zone(ZoneId.of("Europe/Paris"));
    assertEquals(
        List.of("01:00+01:00", "01:30+01:00", "03:00+02:00", "03:30+02:00"),
        onDay(half, "2026-03-29"));
    assertEquals(
        List.of(
            "01:00+02:00",
            "01:30+02:00",
            "02:00+02:00",
            "02:30+02:00",
            "02:00+01:00",
            "02:30+01:00",
            "03:00+01:00",
            "03:30+01:00"),
        onDay(half, "2026-10-25"));
  }

  @Test
  void halfHourChange_ofLordHowe_isNoSpecialCase() {
    ZoneId island = ZoneId.of("Australia/Lord_Howe");
    assertEquals(List.of("02:30+11:00"), onDay(cron("0 10 2 * * *").zone(island), "2026-10-04"));
    assertEquals(List.of("01:45+11:00"), onDay(cron("0 45 1 * * *").zone(island), "2026-04-05"));
  }

  @Test
  void leapDay_comesInLeapYearsOnly() {
    assertEquals(
        List.of(
            Instant.parse("2028-02-29T06:00:00Z"),
            Instant.parse("2032-02-29T06:00:00Z"),
            Instant.parse("2036-02-29T06:00:00Z")),
        table(cron("0 6 29 2 *")).next(NEW_YEAR, 3));
    assertEquals(
        Optional.of(Instant.parse("2104-02-29T06:00:00Z")),
        table(cron("0 6 29 2 *").zone(ZoneId.of("Europe/Paris")))
            .next(Instant.parse("2097-01-01T00:00:00Z"))
            .map(each -> each.plusSeconds(3600)));
  }

  @Test
  void dayOfMonthAndDayOfWeek_bothCount() {
    assertEquals(
        List.of(
            Instant.parse("2026-02-13T00:00:00Z"),
            Instant.parse("2026-03-13T00:00:00Z"),
            Instant.parse("2026-11-13T00:00:00Z")),
        table(cron("0 0 0 13 * 5")).next(NEW_YEAR, 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"61 * * * * *", "nonsense", "* * *", "0 0 0 30 2 *", "* * * * * * *"})
  void expression_thatCannotBeReadOrNeverComes_isRefusedQuotingIt(String expression) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> table(cron(expression)));
    assertTrue(refused.toString().contains("\"" + expression + "\""), refused.toString());
  }

  @Test
  void period_isCountedFromTheDeclarationWithoutDrift() {
    Timetable table = Timetable.of(every(Duration.ofSeconds(90)), NEW_YEAR.plusMillis(7));
    assertEquals(Optional.of(NEW_YEAR.plusMillis(90_007)), table.first(NEW_YEAR.plusMillis(7)));
    assertEquals(
        Optional.of(NEW_YEAR.plusMillis(180_007)), table.next(NEW_YEAR.plusMillis(90_007)));
    assertEquals(Optional.of(NEW_YEAR.plusMillis(90_007)), table.next(NEW_YEAR.minusSeconds(9)));
    assertThrows(IllegalArgumentException.class, () -> table(every(Duration.ofMillis(99))));
  }

  @Test
  void once_isOverAfterwards() {
    Instant noon = NEW_YEAR.plusSeconds(43_200);
    for (Timetable table : List.of(table(onceAt(noon)), table(onceAfter(Duration.ofHours(12))))) {
      assertEquals(Optional.of(noon), table.first(noon.plusSeconds(1)));
      assertEquals(Optional.of(noon), table.next(noon.minusMillis(1)));
      assertEquals(Optional.empty(), table.next(noon));
    }
  }
}
