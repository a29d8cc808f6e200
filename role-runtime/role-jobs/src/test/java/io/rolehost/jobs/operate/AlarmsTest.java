package io.rolehost.jobs.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.jobs.engine.QueueLook;
import io.rolehost.jobs.ledger.Ticks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What broker and ledger said, and what is to be reported of it. */
final class AlarmsTest {

  private static final Instant NOW = Instant.parse("2026-11-27T03:00:00Z");

  private static final List<QueueLook> LOOKS =
      List.of(
          new QueueLook("photos", 7, 2, 1, 2, Optional.of(Duration.ofMinutes(12))),
          new QueueLook("photos.dead", 3, 0, 0, 0, Optional.of(Duration.ofHours(2))),
          new QueueLook("photos.parked", 1, 0, 0, 0, Optional.empty()),
          new QueueLook("thumbs.dead", 1, 0, 0, 0, Optional.empty()),
          new QueueLook("other", 9, 0, 0, 0, Optional.of(Duration.ofDays(1))));

  private static Sample sample() {
    return new Sample(Optional.of(NOW), QueueFacts.of(LOOKS), List.of(), "", "");
  }

  @Test
  void facts_ofQueues_haveThoseBesideThem() {
    assertEquals(
        List.of(
            new QueueFacts("other", 9, 0, 0, 0, Optional.of(Duration.ofDays(1)), 0, 0),
            new QueueFacts("photos", 7, 1, 2, 2, Optional.of(Duration.ofMinutes(12)), 3, 1),
            new QueueFacts("thumbs", 0, 0, 0, 0, Optional.empty(), 1, 0)),
        QueueFacts.of(LOOKS));
  }

  @Test
  void oldest_onlyOfOwnQueues_andPastTheLimit() {
    Set<String> own = Set.of("photos", "thumbs");
    assertEquals(
        "\"photos\": the oldest of 7 waits 12 min",
        Alarms.oldest(sample(), own, Duration.ofMinutes(10)));
    assertEquals("", Alarms.oldest(sample(), own, Duration.ofMinutes(12)));
    assertEquals("", Alarms.oldest(Sample.NONE, own, Duration.ZERO));
  }

  @Test
  void deadLetters_asManyAsSet_areReported() {
    Set<String> own = Set.of("photos", "thumbs");
    assertEquals(
        "\"photos\" has 3 dead letters; \"thumbs\" has 1 dead letter",
        Alarms.deadLetters(sample(), own, 1));
    assertEquals("", Alarms.deadLetters(sample(), own, 4));
  }

  @Test
  void missed_lastTickOfASchedule_isReportedUntilTheNext() {
    assertEquals(
        "\"nightly\" has missed 2026-11-27T03:00:00Z",
        Alarms.missed(
            Map.of(
                "nightly", tick("nightly", Ticks.Outcome.MISSED),
                "hourly", tick("hourly", Ticks.Outcome.SENT))));
    JobsOperations.LastTicks last = new JobsOperations.LastTicks();
    last.decided(tick("nightly", Ticks.Outcome.MISSED));
    last.decided(
        new Ticks.Entry(
            "nightly",
            NOW.plusSeconds(60),
            Ticks.Outcome.SENT,
            Optional.empty(),
            NOW,
            Optional.empty()));
    last.decided(tick("nightly", Ticks.Outcome.MISSED));
    assertEquals("", Alarms.missed(last.all()));
  }

  private static Ticks.Entry tick(String schedule, Ticks.Outcome outcome) {
    return new Ticks.Entry(schedule, NOW, outcome, Optional.empty(), NOW, Optional.empty());
  }
}
