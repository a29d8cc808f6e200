package io.rolehost.jobs.schedule;

import io.rolehost.jobs.ScheduleTrigger;
import io.rolehost.jobs.ledger.ScheduleRows;
import java.time.Instant;

/** A schedule that this process declares. */
record Declared(ScheduleName name, ScheduleTrigger trigger) {

  /** Returns what tells an edited schedule from the one before. */
  String hash() {
    return ScheduleName.digest(
        String.join(
            "|",
            trigger.when().toString(),
            trigger.zone().getId(),
            trigger.gap().name(),
            trigger.repeated().name()));
  }

  String described() {
    String words = ScheduleName.words(trigger.when());
    return trigger.when() instanceof ScheduleTrigger.When.Cron
        ? words + " in " + trigger.zone().getId()
        : words;
  }

  ScheduleRows.Declaration declaration(String role) {
    return new ScheduleRows.Declaration(name.text(), role, hash(), described());
  }

  Timetable table(Instant since) {
    return Timetable.of(trigger, since);
  }

  /** Returns whether its runs come one at a time, also over several machines. */
  boolean exclusive() {
    return trigger.overlap() != ScheduleTrigger.Overlap.ALLOW;
  }
}
