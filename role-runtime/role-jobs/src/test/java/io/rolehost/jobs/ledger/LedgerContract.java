package io.rolehost.jobs.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.StaleFenceException;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.JobStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a ledger does, whatever database it is in. */
abstract class LedgerContract {

  static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final InstantSource clock = now::get;
  private final String queue = "q-" + UUID.randomUUID();
  private Ledger ledger;
  private JobRecords jobs;

  /** Returns settings of the database under test. */
  abstract LedgerSettings settings();

  @BeforeEach
  void open() {
    ledger = Ledger.of(settings(), clock);
    jobs = ledger.jobs();
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private JobId created() {
    JobId id = new JobId(UUID.randomUUID().toString());
    assertTrue(jobs.create(new NewJob(id, "order", queue, "{\"n\":1}", Duration.ofDays(1))));
    return id;
  }

  private long claimed(JobId id, int attempt) {
    return assertInstanceOf(Claim.Owned.class, jobs.claim(id, attempt)).epoch();
  }

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  @Test
  void job_created_isPendingAndUnsentUntilTheBrokerHasIt() {
    JobId id = created();
    assertEquals(
        Optional.of(
            new JobStatus(
                id,
                "order",
                queue,
                State.PENDING,
                0,
                JobStatus.Progress.NONE,
                Optional.empty(),
                Optional.empty(),
                NOON,
                NOON,
                Optional.empty())),
        jobs.find(id));
    List<NewJob> unsent =
        jobs.unsent(NOON.plusSeconds(1), 1000).stream().filter(job -> job.id().equals(id)).toList();
    assertEquals(List.of(new NewJob(id, "order", queue, "{\"n\":1}", Duration.ofDays(1))), unsent);
    jobs.sent(id);
    assertTrue(jobs.unsent(NOON.plusSeconds(1), 1000).stream().noneMatch(j -> j.id().equals(id)));
  }

  @Test
  void job_createdTwice_staysAsItWas() {
    JobId id = created();
    assertFalse(jobs.create(new NewJob(id, "other", queue, "", Duration.ofDays(2))));
    assertEquals("order", jobs.find(id).orElseThrow().type());
  }

  @Test
  void job_withdrawnBeforeItWasSent_isUnknown() {
    JobId id = created();
    jobs.withdraw(id);
    assertEquals(Optional.empty(), jobs.find(id));
    assertInstanceOf(Claim.Unknown.class, jobs.claim(id, 1));
  }

  @Test
  void job_doneWithAResult_isKeptForItsRetention() {
    JobId id = created();
    long epoch = claimed(id, 1);
    jobs.progress(id, epoch, new JobStatus.Progress(3, 9, "pages"));
    assertEquals(new JobStatus.Progress(3, 9, "pages"), jobs.find(id).orElseThrow().progress());
    pass(Duration.ofSeconds(5));
    jobs.done(id, epoch, Optional.of("42"));
    JobStatus status = jobs.find(id).orElseThrow();
    assertEquals(State.DONE, status.state());
    assertEquals(Optional.of("42"), status.result());
    assertEquals(Optional.of(NOON.plusSeconds(5).plus(Duration.ofDays(1))), status.keptUntil());
    assertEquals(new Claim.Over(State.DONE), jobs.claim(id, 2));
  }

  @Test
  void attempt_whoseJobWasTakenOver_canWriteNothing() {
    JobId id = created();
    long old = claimed(id, 1);
    ledger.checkpoints().save(id, old, "1");
    long young = claimed(id, 2);
    assertTrue(young > old);
    assertThrows(StaleFenceException.class, () -> jobs.check(id, old));
    assertThrows(StaleFenceException.class, () -> ledger.checkpoints().save(id, old, "2"));
    assertThrows(StaleFenceException.class, () -> jobs.progress(id, old, JobStatus.Progress.NONE));
    assertThrows(StaleFenceException.class, () -> jobs.done(id, old, Optional.empty()));
    assertThrows(StaleFenceException.class, () -> jobs.failedAttempt(id, old, "late"));
    assertThrows(StaleFenceException.class, () -> jobs.failed(id, old, "late"));
    assertThrows(StaleFenceException.class, () -> jobs.givenBack(id, old));
    assertThrows(StaleFenceException.class, () -> jobs.cancelled(id, old));
    jobs.check(id, young);
    assertEquals(Optional.of("1"), ledger.checkpoints().position(id));
    assertEquals(State.RUNNING, jobs.find(id).orElseThrow().state());
    assertEquals(2, jobs.find(id).orElseThrow().attempts());
  }

  @Test
  void checkpoint_afterAFailedAttempt_isThereForTheNext() {
    JobId id = created();
    long first = claimed(id, 1);
    ledger.checkpoints().save(id, first, "{\"page\":7}");
    jobs.failedAttempt(id, first, "no route");
    assertEquals(State.PENDING, jobs.find(id).orElseThrow().state());
    assertEquals(Optional.of("no route"), jobs.find(id).orElseThrow().failure());
    long second = claimed(id, 2);
    assertEquals(Optional.of("{\"page\":7}"), ledger.checkpoints().position(id));
    jobs.done(id, second, Optional.empty());
    assertEquals(Optional.empty(), ledger.checkpoints().position(id));
  }

  @Test
  void deadLetter_redriven_isPendingWithItsCheckpoint() {
    JobId id = created();
    long epoch = claimed(id, 1);
    ledger.checkpoints().save(id, epoch, "5");
    jobs.failed(id, epoch, "bad");
    assertEquals(new Claim.Over(State.FAILED), jobs.claim(id, 2));
    assertTrue(jobs.redriven(id));
    assertFalse(jobs.redriven(id));
    assertEquals(Optional.empty(), jobs.find(id).orElseThrow().keptUntil());
    claimed(id, 1);
    assertEquals(Optional.of("5"), ledger.checkpoints().position(id));
  }

  @Test
  void message_deliveredTooOften_endsItsJobAndFencesWhoHadIt() {
    JobId id = created();
    long epoch = claimed(id, 1);
    jobs.buried(id, "delivered 6 times");
    assertThrows(StaleFenceException.class, () -> jobs.done(id, epoch, Optional.empty()));
    assertEquals(State.FAILED, jobs.find(id).orElseThrow().state());
  }

  @Test
  void cancel_ofAJobThatWaits_endsIt() {
    JobId id = created();
    assertTrue(jobs.requestCancel(id));
    assertEquals(new Claim.Over(State.CANCELLED), jobs.claim(id, 1));
    assertFalse(jobs.requestCancel(id));
  }

  @Test
  void cancel_ofAJobThatRuns_isSeenByItsAttemptAndByTheNext() {
    JobId id = created();
    JobId other = created();
    long epoch = claimed(id, 1);
    assertTrue(jobs.requestCancel(id));
    assertEquals(List.of(id), jobs.cancelRequested(List.of(id, other)));
    assertEquals(State.RUNNING, jobs.find(id).orElseThrow().state());
    jobs.givenBack(id, epoch);
    Claim.Owned next = assertInstanceOf(Claim.Owned.class, jobs.claim(id, 2));
    assertTrue(next.cancelRequested());
    jobs.cancelled(id, next.epoch());
    assertEquals(State.CANCELLED, jobs.find(id).orElseThrow().state());
  }

  @Test
  void jobThatIsNotTracked_withACheckpoint_isSeenByNoStatusAndGoesWhenDone() {
    JobId id = new JobId(UUID.randomUUID().toString());
    long first = jobs.adopt(id, "order", queue, 1);
    ledger.checkpoints().save(id, first, "1");
    assertEquals(Optional.empty(), jobs.find(id));
    long second = jobs.adopt(id, "order", queue, 2);
    assertThrows(StaleFenceException.class, () -> ledger.checkpoints().save(id, first, "9"));
    assertEquals(Optional.of("1"), ledger.checkpoints().position(id));
    jobs.done(id, second, Optional.empty());
    assertEquals(Optional.empty(), ledger.checkpoints().position(id));
  }

  @Test
  void list_withAFilter_givesTheLastSubmittedFirst() {
    JobId first = created();
    pass(Duration.ofSeconds(1));
    JobId second = created();
    claimed(first, 1);
    Optional<String> mine = Optional.of(queue);
    assertEquals(
        List.of(second, first),
        jobs.list(new JobFilter(mine, Set.of()), 10).stream().map(JobStatus::id).toList());
    assertEquals(
        List.of(first),
        jobs.list(new JobFilter(mine, Set.of(State.RUNNING)), 10).stream()
            .map(JobStatus::id)
            .toList());
    assertEquals(1, jobs.list(new JobFilter(mine, Set.of()), 1).size());
    assertEquals(List.of(first, second), jobs.unfinished(queue, 10));
  }

  @Test
  void purge_afterTheRetention_forgetsJobsAndKeepsWhatBecameOfTheirTicks() {
    JobId id = created();
    jobs.done(id, claimed(id, 1), Optional.empty());
    ledger
        .ticks()
        .record(
            List.of(
                new Ticks.Entry(
                    queue,
                    NOON,
                    Ticks.Outcome.SENT,
                    Optional.of(id),
                    NOON.plusMillis(20),
                    Optional.empty())),
            Duration.ofDays(30));
    pass(Duration.ofDays(1).plusSeconds(1));
    while (ledger.purge()) {
      // a bite at a time
    }
    assertEquals(Optional.empty(), jobs.find(id));
    assertEquals(
        List.of(
            new Ticks.Entry(
                queue,
                NOON,
                Ticks.Outcome.RAN,
                Optional.of(id),
                NOON.plusMillis(20),
                Optional.of(NOON))),
        ledger.ticks().list(queue, 10));
    pass(Duration.ofDays(30));
    while (ledger.purge()) {
      // a bite at a time
    }
    assertEquals(List.of(), ledger.ticks().list(queue, 10));
  }

  @Test
  void tick_recordedTwice_keepsItsFirstOutcomeAndFollowsItsJob() {
    JobId id = created();
    Ticks.Entry sent =
        new Ticks.Entry(queue, NOON, Ticks.Outcome.SENT, Optional.of(id), NOON, Optional.empty());
    ledger.ticks().record(List.of(sent), Duration.ofDays(1));
    ledger
        .ticks()
        .record(
            List.of(
                new Ticks.Entry(
                    queue, NOON, Ticks.Outcome.MISSED, Optional.empty(), NOON, Optional.empty())),
            Duration.ofDays(1));
    assertEquals(List.of(sent), ledger.ticks().list(queue, 10));
    long epoch = claimed(id, 1);
    assertEquals(Ticks.Outcome.RUNNING, ledger.ticks().list(queue, 10).getFirst().outcome());
    pass(Duration.ofSeconds(3));
    jobs.failed(id, epoch, "bad");
    Ticks.Entry failed = ledger.ticks().list(queue, 10).getFirst();
    assertEquals(Ticks.Outcome.FAILED, failed.outcome());
    assertEquals(Optional.of(NOON.plusSeconds(3)), failed.ended());
  }

  @Test
  void key_reservedByMany_isFreshForOne() throws Exception {
    String key = UUID.randomUUID().toString();
    List<Callable<Keys.Reservation>> racers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      JobId id = new JobId("racer-" + i);
      racers.add(() -> ledger.keys().reserve("POST /x", key, "hash", id, Duration.ofHours(1)));
    }
    int fresh = 0;
    Set<JobId> known = new HashSet<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Keys.Reservation> each : threads.invokeAll(racers)) {
        switch (each.get()) {
          case Keys.Reservation.Fresh ignored -> fresh++;
          case Keys.Reservation.Known(JobId id, String fingerprint, boolean sent) -> {
            known.add(id);
            assertEquals("hash", fingerprint);
            assertFalse(sent);
          }
        }
      }
    }
    assertEquals(1, fresh);
    assertEquals(1, known.size());
  }

  @Test
  void key_sent_isKnownUntilItsWindowIsOver() {
    String key = UUID.randomUUID().toString();
    Keys keys = ledger.keys();
    JobId first = new JobId("first");
    JobId second = new JobId("second");
    Duration window = Duration.ofMinutes(10);
    assertEquals(new Keys.Reservation.Fresh(), keys.reserve("q", key, "a", first, window));
    keys.sent("q", key);
    assertEquals(
        new Keys.Reservation.Known(first, "a", true), keys.reserve("q", key, "b", second, window));
    keys.release("q", key);
    assertEquals(
        new Keys.Reservation.Known(first, "a", true), keys.reserve("q", key, "b", second, window));
    assertEquals(new Keys.Reservation.Fresh(), keys.reserve("r", key, "b", second, window));
    pass(window);
    assertEquals(new Keys.Reservation.Fresh(), keys.reserve("q", key, "b", second, window));
    keys.release("q", key);
    assertEquals(new Keys.Reservation.Fresh(), keys.reserve("q", key, "b", second, window));
  }

  private ScheduleRows.Row declared(String hash, String described) {
    return ledger
        .schedules()
        .declare(List.of(new ScheduleRows.Declaration(queue, "worker", hash, described)))
        .getFirst();
  }

  @Test
  void schedule_declaredAgain_keepsItsPauseAndItsBeginUntilItIsEdited() {
    ScheduleRows schedules = ledger.schedules();
    ScheduleRows.Row first = declared("h1", "every 5 min");
    assertEquals(
        new ScheduleRows.Row(queue, "worker", "h1", "every 5 min", NOON, NOON, Optional.empty()),
        first);
    assertTrue(schedules.pause(queue, "ann", "sale"));
    pass(Duration.ofMinutes(1));
    ScheduleRows.Row second = declared("h1", "every 5 min");
    assertEquals(NOON, second.since());
    assertEquals(Optional.of(new ScheduleRows.Paused("ann", "sale", NOON)), second.paused());
    ScheduleRows.Row edited = declared("h2", "every 6 min");
    assertEquals(NOON.plusSeconds(60), edited.since());
    assertTrue(schedules.resume(queue));
    assertFalse(schedules.resume(queue));
    assertEquals(Optional.empty(), schedules.find(queue).orElseThrow().paused());
    assertTrue(schedules.forget(queue));
    assertEquals(Optional.empty(), schedules.find(queue));
    assertFalse(schedules.pause(queue, "ann", "sale"));
  }

  @Test
  void receipt_ofAFileThatIsGone_isForgottenAfterAWhile() {
    Receipts receipts = ledger.receipts();
    receipts.write(queue, "a.jpg", "10@1");
    receipts.write(queue, "b.jpg", "10@1");
    receipts.write(queue, "b.jpg", "11@2");
    assertEquals(Optional.of("11@2"), receipts.find(queue, "b.jpg"));
    Duration hour = Duration.ofHours(1);
    receipts.retain(queue, Set.of("b.jpg"), hour);
    assertEquals(Map.of("a.jpg", "10@1", "b.jpg", "11@2"), receipts.all(queue));
    pass(Duration.ofMinutes(30));
    receipts.retain(queue, Set.of("a.jpg", "b.jpg"), hour);
    pass(Duration.ofMinutes(40));
    receipts.retain(queue, Set.of("b.jpg"), hour);
    assertEquals(Optional.of("10@1"), receipts.find(queue, "a.jpg"));
    pass(hour);
    receipts.retain(queue, Set.of("b.jpg"), hour);
    assertEquals(Map.of("b.jpg", "11@2"), receipts.all(queue));
  }

  @Test
  void pause_ofAQueue_isSeenByAllUntilItEnds() {
    ledger.pauses().pause(queue, "ann", "sale");
    ledger.pauses().pause(queue, "bob", "still");
    try (Ledger other = Ledger.of(settings(), clock)) {
      assertTrue(other.pauses().list().contains(new Pauses.Paused(queue, "bob", "still", NOON)));
      assertTrue(other.pauses().resume(queue));
    }
    assertFalse(ledger.pauses().resume(queue));
  }

  @Test
  void ledger_closed_saysSo() {
    ledger.close();
    assertThrows(IllegalStateException.class, () -> ledger.pauses().list());
  }
}
