package io.rolehost.jobs.schedule;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Tick;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.ledger.ScheduleRows;
import io.rolehost.jobs.ledger.Ticks;
import io.rolehost.jobs.schedule.Situation.Gate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Does what is decided of the ticks that are due: sends, records, and says when to look again. When
 * it is broken off anywhere, whoever does it again ends at the same: ids are made of the instants.
 */
final class Ticking implements Timer.Due {

  /** Where a row goes whose schedule has no tick any more; it stays, so that it is known. */
  static final Instant NEVER = Instant.parse("9000-01-01T00:00:00Z");

  /** How long the outcomes of ticks are kept: of a day where they come more often than that. */
  static final Duration KEPT = Duration.ofDays(30);

  static final Duration KEPT_OF_FREQUENT = Duration.ofDays(1);
  private static final Duration FREQUENT = Duration.ofMinutes(1);

  /** A process of another version may know a schedule that this one does not. */
  private static final Duration HAND_BACK = Duration.ofSeconds(1);

  private static final int RUNS_LOOKED_AT = 200;
  private static final int TICKS_LOOKED_AT = 20;

  private final Ledger ledger;
  private final TickSender sender;
  private final BooleanSupplier frozen;
  private final InstantSource clock;
  private final Map<String, Enrolled> enrolled;
  private final Consumer<Ticks.Entry> decided;

  /** A schedule whose row is there. */
  record Enrolled(Declared declared, String hash, Timetable table) {}

  Ticking(
      Ledger ledger,
      TickSender sender,
      BooleanSupplier frozen,
      InstantSource clock,
      Map<String, Enrolled> enrolled,
      Consumer<Ticks.Entry> decided) {
    this.ledger = ledger;
    this.sender = sender;
    this.frozen = frozen;
    this.clock = clock;
    this.enrolled = enrolled;
    this.decided = decided;
  }

  @Override
  public Timer.Next handle(String schedule, TimerData data) {
    Instant now = Instant.ofEpochMilli(clock.millis());
    Enrolled known = enrolled.get(schedule);
    if (known == null || !known.hash().equals(data.hash())) {
      return new Timer.Next(now.plus(HAND_BACK), data);
    }
    Declared declared = known.declared();
    Instant planned = Instant.ofEpochMilli(data.planned());
    List<JobId> unfinished = ledger.jobs().unfinished(declared.name().queue(), RUNS_LOOKED_AT);
    Set<Instant> begun = begun(known, planned, now, unfinished.isEmpty());
    Situation situation = new Situation(planned, now, gate(schedule), begun, unfinished.size());
    Decision decision = Decision.about(declared.trigger(), known.table(), situation);
    act(known, decision, unfinished, now);
    Instant next = decision.next().orElse(NEVER);
    return new Timer.Next(next, new TimerData(data.hash(), next.toEpochMilli()));
  }

  private void act(Enrolled known, Decision decision, List<JobId> older, Instant now) {
    Declared declared = known.declared();
    if (decision.cancelOlder()) {
      Set<JobId> own =
          decision.send().stream().map(declared.name()::job).collect(Collectors.toSet());
      older.stream().filter(each -> !own.contains(each)).forEach(ledger.jobs()::requestCancel);
    }
    List<Ticks.Entry> entries = new ArrayList<>();
    String name = declared.name().text();
    for (Decision.Dropped each : decision.dropped()) {
      entries.add(entry(name, each.planned(), each.outcome(), Optional.empty(), now));
    }
    int missed = decision.missed();
    for (Instant each : decision.send()) {
      JobId id = declared.name().job(each);
      sender.send(id, declared.name().queue(), new Tick(name, each, missed), declared.exclusive());
      entries.add(entry(name, each, Ticks.Outcome.SENT, Optional.of(id), clock.instant()));
      missed = 0;
    }
    ledger.ticks().record(entries, kept(known, now));
    entries.forEach(decided);
  }

  /** Finds ticks whose job is there although they were not recorded: a process was lost then. */
  private Set<Instant> begun(Enrolled known, Instant planned, Instant now, boolean idle) {
    Set<Instant> begun = new HashSet<>();
    Optional<Instant> second = known.table().next(planned);
    if (idle && (second.isEmpty() || second.get().isAfter(now))) {
      return begun; // a single one will be sent in any case, again or for the first time
    }
    Optional<Instant> tick = Optional.of(planned);
    for (int n = 0; n < TICKS_LOOKED_AT && tick.isPresent() && !tick.get().isAfter(now); n++) {
      if (ledger.jobs().find(known.declared().name().job(tick.get())).isPresent()) {
        begun.add(tick.get());
      }
      tick = known.table().next(tick.get());
    }
    return begun;
  }

  private Gate gate(String schedule) {
    if (frozen.getAsBoolean()) {
      return Gate.FROZEN;
    }
    return ledger.schedules().find(schedule).flatMap(ScheduleRows.Row::paused).isPresent()
        ? Gate.PAUSED
        : Gate.OPEN;
  }

  private static Duration kept(Enrolled known, Instant now) {
    List<Instant> two = known.table().next(now, 2);
    boolean frequent =
        two.size() == 2 && Duration.between(two.get(0), two.get(1)).compareTo(FREQUENT) < 0;
    return frequent ? KEPT_OF_FREQUENT : KEPT;
  }

  private static Ticks.Entry entry(
      String name, Instant planned, Ticks.Outcome outcome, Optional<JobId> job, Instant decided) {
    return new Ticks.Entry(name, planned, outcome, job, decided, Optional.empty());
  }
}
