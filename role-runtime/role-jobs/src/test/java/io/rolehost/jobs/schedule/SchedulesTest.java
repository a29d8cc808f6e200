package io.rolehost.jobs.schedule;

import static io.rolehost.jobs.Triggers.cron;
import static io.rolehost.jobs.Triggers.every;
import static io.rolehost.jobs.Triggers.onceAfter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.ScheduleTrigger;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.ledger.LedgerSettings;
import io.rolehost.jobs.ledger.Ticks;
import io.rolehost.jobs.ledger.Ticks.Outcome;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The timer on a real file. */
final class SchedulesTest {

  private static final ScheduleTrigger EACH_SECOND = cron("* * * * * *").named("second");

  @TempDir private Path folder;
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final InstantSource clock = () -> Instant.now().plus(ahead.get());
  private final AtomicBoolean frozen = new AtomicBoolean();
  private final List<RunningSchedules> running = new ArrayList<>();
  private Ledger ledger;
  private LedgerSender sender;

  @BeforeEach
  void open() {
    ledger = Ledger.of(LedgerSettings.file(folder.resolve("ledger.db")), clock);
    sender = new LedgerSender(ledger, clock, true);
  }

  @AfterEach
  void close() throws Exception {
    for (RunningSchedules each : running) {
      each.stop();
    }
    ledger.close();
  }

  private RunningSchedules start(ScheduleTrigger... triggers) {
    Schedules schedules = new Schedules("worker", ledger, sender, frozen::get, clock);
    for (ScheduleTrigger trigger : triggers) {
      schedules.declare(trigger);
    }
    RunningSchedules started = new RunningSchedules(schedules);
    running.add(started);
    return started;
  }

  private LedgerSender.Sent next() throws InterruptedException {
    return Objects.requireNonNull(sender.sent.poll(30, TimeUnit.SECONDS), "no tick came");
  }

  private List<Ticks.Entry> ticks(String name) {
    return ledger.ticks().list(name, 1000);
  }

  private static void eventually(BooleanSupplier condition) {
    RunningSchedules.eventually(condition);
  }

  @Test
  void tick_due_isAMessageWithItsInstantAsKeyAndIsRecorded() throws Exception {
    start(EACH_SECOND);
    LedgerSender.Sent first = next();
    Instant planned = first.tick().planned();
    assertEquals(new JobId("second@" + planned), first.id());
    assertEquals("schedule.second", first.queue());
    assertEquals(0, planned.toEpochMilli() % 1000);
    assertFalse(first.at().isBefore(planned));
    assertEquals(planned.plusSeconds(1), next().tick().planned());
    eventually(() ->
        ticks("second").stream()
            .anyMatch(each -> each.planned().equals(planned) && each.outcome() == Outcome.RAN));
  }

  @Test
  void schedule_declaredByThreeProcesses_ticksOnce() throws Exception {
    for (int i = 0; i < 3; i++) {
      start(EACH_SECOND);
    }
    Set<JobId> seen = new HashSet<>();
    Instant before = next().tick().planned();
    for (int i = 0; i < 4; i++) {
      LedgerSender.Sent sent = next();
      assertTrue(seen.add(sent.id()));
      assertEquals(before.plusSeconds(1), sent.tick().planned());
      before = sent.tick().planned();
    }
  }

  @Test
  void run_thatIsNotOver_hasLaterTicksSkippedAndNothingBlocked() throws Exception {
    sender = new LedgerSender(ledger, clock, false);
    start(EACH_SECOND, every(Duration.ofMillis(700)).named("other"));
    eventually(() ->
        ticks("second").stream().filter(e -> e.outcome() == Outcome.SKIPPED).count() >= 2
            && ticks("other").size() >= 3);
    assertEquals(
        Set.of("second", "other"),
        sender.sent.stream().map(each -> each.tick().schedule()).collect(Collectors.toSet()));
    assertEquals(2, sender.sent.size());
  }

  @Test
  void brokerDown_forSomeTicks_isMadeUpForByTheLastAndTheTimerGoesOn() throws Exception {
    sender.down = true;
    start(every(Duration.ofMillis(500)).named("fast"));
    eventually(() -> sender.refused);
    // The first try fails, and the next one comes two seconds later.
    ahead.set(Duration.ofSeconds(20));
    sender.down = false;
    LedgerSender.Sent late = next();
    assertTrue(late.tick().missed() >= 30, () -> "missed " + late.tick().missed());
    eventually(() ->
        ticks("fast").stream().filter(each -> each.outcome() == Outcome.MISSED).count() >= 30);
    next();
  }

  @Test
  void threeTicks_overAStop_areCaughtUpOnceAndAnEditedScheduleNotAtAll() throws Exception {
    Instant halfPast = Instant.now().truncatedTo(ChronoUnit.HOURS).plusSeconds(1800);
    Duration toHalfPast = Duration.between(Instant.now(), halfPast);
    ahead.set(toHalfPast);
    ScheduleTrigger hourly = cron("0 0 * * * *").named("hourly");
    RunningSchedules first = start(hourly, cron("0 0 * * * *").named("edited"));
    eventually(() -> first.schedules().views().size() == 2 && enrolled(2));
    first.stop();
    ahead.set(toHalfPast.plusHours(3));
    RunningSchedules second = start(hourly, cron("0 1 * * * *").named("edited"));
    LedgerSender.Sent caughtUp = next();
    assertEquals("hourly", caughtUp.tick().schedule());
    assertEquals(2, caughtUp.tick().missed());
    eventually(() -> ticks("hourly").size() == 3);
    assertEquals(List.of(), ticks("edited"));
    second.stop();
    start(hourly, cron("0 1 * * * *").named("edited"), EACH_SECOND);
    assertEquals("second", next().tick().schedule());
    assertEquals("second", next().tick().schedule());
  }

  private boolean enrolled(int count) {
    try (var connection = ledger.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select count(*) from rolehost_timer")) {
      return rows.getInt(1) == count;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void schedule_paused_recordsItsTicksAndSendsNothingUntilItIsResumed() throws Exception {
    RunningSchedules started = start(EACH_SECOND);
    next();
    started.schedules().pause("second", "ann", "sale");
    eventually(() ->
        ticks("second").stream().filter(each -> each.outcome() == Outcome.PAUSED).count() >= 2);
    ScheduleView view = started.schedules().views().getFirst();
    assertEquals("sale", view.paused().orElseThrow().reason());
    assertEquals(5, view.next().size());
    assertEquals("* * * * * * in Z", view.described());
    JobId now = started.schedules().runNow("second");
    eventually(() -> sender.sent.stream().anyMatch(each -> each.id().equals(now)));
    sender.sent.clear();
    assertTrue(started.schedules().resume("second"));
    assertEquals(0, next().tick().missed());
    assertFalse(started.schedules().resume("second"));
    assertThrows(IllegalArgumentException.class, () -> started.schedules().runNow("third"));
  }

  @Test
  void role_frozen_recordsItsTicksAsFrozen() throws Exception {
    frozen.set(true);
    start(EACH_SECOND);
    eventually(() ->
        ticks("second").stream().filter(each -> each.outcome() == Outcome.FROZEN).count() >= 2);
    assertTrue(sender.sent.isEmpty());
    frozen.set(false);
    assertEquals(0, next().tick().missed());
  }

  @Test
  void schedule_thatTicksOnce_doesNotTickAgainAfterARestart() throws Exception {
    ScheduleTrigger once = onceAfter(Duration.ofMillis(300)).named("once");
    RunningSchedules first = start(once);
    next();
    eventually(() -> ticks("once").size() == 1);
    first.stop();
    start(once, EACH_SECOND);
    assertEquals("second", next().tick().schedule());
    assertEquals("second", next().tick().schedule());
  }

  @Test
  void name_declaredTwice_isRefused() {
    Schedules schedules = new Schedules("worker", ledger, sender, frozen::get, clock);
    ScheduleName name = schedules.declare(cron("*/5 * * * *"));
    assertTrue(name.queue().matches("schedule\\._+5_+-[0-9a-f]{8}"), name.queue());
    assertThrows(IllegalArgumentException.class, () -> schedules.declare(cron("*/5 * * * *")));
    assertThrows(IllegalArgumentException.class, () -> schedules.declare(cron("99 * * * *")));
  }
}
