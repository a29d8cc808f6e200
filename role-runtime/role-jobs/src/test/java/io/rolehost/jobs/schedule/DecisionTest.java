package io.rolehost.jobs.schedule;

import static io.rolehost.jobs.Triggers.cron;
import static io.rolehost.jobs.Triggers.every;
import static io.rolehost.jobs.Triggers.onceAt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.jobs.ScheduleTrigger;
import io.rolehost.jobs.ScheduleTrigger.Missed;
import io.rolehost.jobs.ScheduleTrigger.Overlap;
import io.rolehost.jobs.ledger.Ticks.Outcome;
import io.rolehost.jobs.schedule.Decision.Dropped;
import io.rolehost.jobs.schedule.Situation.Gate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is decided about ticks that are due, in virtual time. */
final class DecisionTest {

  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final ScheduleTrigger HOURLY = cron("0 0 * * * *");

  private static Instant hour(int n) {
    return NOON.plus(Duration.ofHours(n));
  }

  private static Decision decide(ScheduleTrigger trigger, Situation situation) {
    return Decision.about(trigger, Timetable.of(trigger, NOON), situation);
  }

  private static Situation at(Instant planned, Instant now) {
    return new Situation(planned, now, Gate.OPEN, Set.of(), 0);
  }

  private static Situation running(int runs) {
    return new Situation(NOON, NOON.plusMillis(5), Gate.OPEN, Set.of(), runs);
  }

  private static List<Dropped> dropped(Outcome outcome, Instant... ticks) {
    return List.of(ticks).stream().map(each -> new Dropped(each, outcome)).toList();
  }

  @Test
  void tick_inTime_isSentAndTheNextIsPlanned() {
    assertEquals(
        new Decision(List.of(NOON), List.of(), 0, false, Optional.of(hour(1))),
        decide(HOURLY, at(NOON, NOON.plusMillis(3))));
  }

  @Test
  void row_foundTooEarly_staysPlanned() {
    assertEquals(
        new Decision(List.of(), List.of(), 0, false, Optional.of(NOON)),
        decide(HOURLY, at(NOON, NOON.minusMillis(1))));
  }

  @Test
  void threeTicks_whileNobodyRan_areMadeUpForByTheLast() {
    assertEquals(
        new Decision(
            List.of(hour(2)),
            dropped(Outcome.MISSED, NOON, hour(1)),
            2,
            false,
            Optional.of(hour(3))),
        decide(HOURLY, at(NOON, hour(2).plusSeconds(600))));
  }

  @Test
  void threeTicks_whileNobodyRan_areMissedWhereAskedFor() {
    ScheduleTrigger skip = HOURLY.missed(new Missed.Skip());
    assertEquals(
        new Decision(
            List.of(),
            dropped(Outcome.MISSED, NOON, hour(1), hour(2)),
            3,
            false,
            Optional.of(hour(3))),
        decide(skip, at(NOON, hour(2).plusSeconds(31))));
    assertEquals(List.of(hour(2)), decide(skip, at(NOON, hour(2).plusSeconds(30))).send());
  }

  @Test
  void threeTicks_whileNobodyRan_allComeUpToTheLimit() {
    Situation late = at(NOON, hour(2).plusSeconds(600));
    assertEquals(
        List.of(NOON, hour(1), hour(2)), decide(HOURLY.missed(new Missed.All(5)), late).send());
    Decision two = decide(HOURLY.missed(new Missed.All(2)), late);
    assertEquals(List.of(hour(1), hour(2)), two.send());
    assertEquals(1, two.missed());
  }

  @Test
  void tick_laterThanAllowed_isMissed() {
    ScheduleTrigger brief = HOURLY.maxLateness(Duration.ofMinutes(5));
    assertEquals(
        dropped(Outcome.MISSED, NOON), decide(brief, at(NOON, NOON.plusSeconds(301))).dropped());
    assertEquals(List.of(NOON), decide(brief, at(NOON, NOON.plusSeconds(300))).send());
  }

  @Test
  void tick_whileTheRunBeforeIsNotOver_followsThePolicy() {
    assertEquals(dropped(Outcome.SKIPPED, NOON), decide(HOURLY, running(1)).dropped());
    assertEquals(0, decide(HOURLY, running(1)).missed());
    ScheduleTrigger queue = HOURLY.overlap(Overlap.QUEUE_ONE);
    assertEquals(List.of(NOON), decide(queue, running(1)).send());
    assertEquals(dropped(Outcome.SKIPPED, NOON), decide(queue, running(2)).dropped());
    Decision replace = decide(HOURLY.overlap(Overlap.CANCEL_OLD), running(1));
    assertEquals(List.of(NOON), replace.send());
    assertTrue(replace.cancelOlder());
    assertEquals(List.of(NOON), decide(HOURLY.overlap(Overlap.ALLOW), running(9)).send());
  }

  @Test
  void ticks_whilePausedOrFrozen_areRecordedAndNotMadeUpFor() {
    for (Gate gate : List.of(Gate.PAUSED, Gate.FROZEN)) {
      Outcome outcome = gate == Gate.PAUSED ? Outcome.PAUSED : Outcome.FROZEN;
      assertEquals(
          new Decision(List.of(), dropped(outcome, NOON, hour(1)), 0, false, Optional.of(hour(2))),
          decide(HOURLY, new Situation(NOON, hour(1), gate, Set.of(), 0)));
    }
  }

  @Test
  void tick_thatALostProcessBeganToSend_isSentAgainAndNotCountedAsMissed() {
    Decision running = decide(HOURLY, new Situation(NOON, hour(2), Gate.OPEN, Set.of(NOON), 1));
    assertEquals(List.of(NOON), running.send());
    assertEquals(
        List.of(new Dropped(hour(1), Outcome.MISSED), new Dropped(hour(2), Outcome.SKIPPED)),
        running.dropped());
    Decision over = decide(HOURLY, new Situation(NOON, hour(2), Gate.OPEN, Set.of(NOON), 0));
    assertEquals(List.of(NOON, hour(2)), over.send());
    assertEquals(1, over.missed());
  }

  @Test
  void once_isSentOnceAndNothingIsPlanned() {
    assertEquals(
        new Decision(List.of(NOON), List.of(), 0, false, Optional.empty()),
        decide(onceAt(NOON), at(NOON, hour(3))));
    assertEquals(dropped(Outcome.MISSED, NOON), decide(onceAt(NOON), at(NOON, hour(25))).dropped());
  }

  @Test
  void aYearWithoutAnybody_ofAScheduleOfEachSecond_isDecidedAtOnce() {
    ScheduleTrigger second = every(Duration.ofSeconds(1));
    Instant now = NOON.plus(Duration.ofDays(365));
    Decision decision = decide(second, at(NOON.plusSeconds(1), now));
    assertEquals(List.of(now), decision.send());
    assertEquals(999, decision.dropped().size());
    assertEquals(365 * 86_400 - 1, decision.missed(), 2);
    assertEquals(Optional.of(now.plusSeconds(1)), decision.next());
    assertEquals(List.of(now), decide(cron("* * * * * *"), at(NOON.plusSeconds(1), now)).send());
  }

  /** A year of an hourly schedule under a clock that is set by ten minutes, again and again. */
  @Test
  void clock_setForthAndBack_neverDoublesATickNorLosesOne() {
    ScheduleTrigger trigger = HOURLY.zone(ZoneId.of("Europe/Paris"));
    Timetable table = Timetable.of(trigger, NOON);
    Optional<Instant> planned = table.next(NOON);
    Set<Instant> seen = new HashSet<>();
    List<Instant> all = new ArrayList<>();
    long wrong = 0;
    for (int minute = 0; minute < 366 * 24 * 60; minute++) {
      if (minute % 37 == 0) {
        wrong =
            switch (minute % 3) {
              case 0 -> 600;
              case 1 -> -600;
              default -> 0;
            };
      }
      Instant now = NOON.plusSeconds(minute * 60L + wrong);
      Decision decision = Decision.about(trigger, table, at(planned.orElseThrow(), now));
      for (Instant sent : decision.send()) {
        assertTrue(seen.add(sent), "twice: " + sent);
        all.add(sent);
      }
      assertEquals(List.of(), decision.dropped());
      planned = decision.next();
    }
    assertEquals(366 * 24 - 1, all.size(), 1);
    assertEquals(all.stream().sorted().toList(), all);
  }
}
