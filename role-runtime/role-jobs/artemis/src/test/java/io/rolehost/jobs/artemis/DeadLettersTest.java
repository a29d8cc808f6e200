package io.rolehost.jobs.artemis;

import static io.rolehost.jobs.Triggers.onceAfter;
import static io.rolehost.jobs.Triggers.queue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Backoff;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.engine.BrokerAddress;
import io.rolehost.jobs.engine.BrokerFile;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.ledger.LedgerSettings;
import io.rolehost.jobs.queue.DeadLetter;
import io.rolehost.jobs.queue.DeadLetters;
import io.rolehost.jobs.queue.Failure;
import io.rolehost.jobs.queue.JobQueues;
import io.rolehost.jobs.queue.LedgerTracking;
import io.rolehost.jobs.queue.Link;
import io.rolehost.jobs.queue.QueueWatch;
import io.rolehost.jobs.queue.Selection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters and tracked jobs, on a broker and a ledger inside the role. */
@Timeout(120)
final class DeadLettersTest {

  record Photo(String name) {}

  private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");
  private static final Duration LOST_AFTER = Duration.ofSeconds(20);
  private static final Backoff SOON = new Backoff(Duration.ofMillis(5), Duration.ofMillis(5), 1, 0);

  @TempDir Path folder;
  private TestRole role;
  private Jobs jobs;
  private volatile boolean cured;
  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() {
    role = new TestRole(folder);
    jobs = role.open();
  }

  @AfterEach
  void close() {
    role.close();
  }

  /** What an operator's part of the role has. */
  private DeadLetters deadLetters() {
    ArtemisEngine engine = new ArtemisEngine();
    Link link = role.closeOnStop(new Link(engine, this::address));
    Ledger ledger =
        role.closeOnStop(
            Ledger.of(
                LedgerSettings.file(folder.resolve("jobs").resolve("ledger.db")),
                InstantSource.system()));
    return new JobQueues(
            role,
            new JobQueues.Settings(
                engine,
                engine.capabilities(new BrokerAddress("tcp://here", "", "", LOST_AFTER)),
                link,
                new LedgerTracking(ledger, Duration.ofDays(1)),
                InstantSource.system(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5)),
            QueueWatch.NONE)
        .deadLetters();
  }

  private BrokerAddress address() throws Link.NoBroker {
    try {
      return BrokerFile.read(folder.resolve("jobs"), LOST_AFTER)
          .orElseThrow(() -> new Link.NoBroker("no broker.conf"))
          .address();
    } catch (IOException e) {
      throw new Link.NoBroker("broker.conf can't be read", e);
    }
  }

  private void handlePhotos() {
    jobs.on(
        queue("photos").maxAttempts(3).backoff(SOON),
        Photo.class,
        (photo, job) -> {
          if (!cured) {
            throw new IOException("bad " + photo.name() + " " + job.attempt());
          }
          seen.add(photo.name() + job.attempt());
        });
  }

  @Test
  void poison_deadLetterWithHistory_redrivenAfterTheCure() {
    handlePhotos();
    JobId id = jobs.send("photos", new Photo("a")).submit();
    DeadLetters dead = deadLetters();
    TestRole.await("it is dead", () -> !dead.browse("photos", new Selection.All(), 10).isEmpty());
    DeadLetter letter = dead.browse("photos", new Selection.One(id), 10).getFirst();
    assertEquals("ATTEMPTS_SPENT", letter.reason());
    assertEquals(id, letter.letter().id());
    assertEquals(
        List.of(
            "java.io.IOException: bad a 1",
            "java.io.IOException: bad a 2",
            "java.io.IOException: bad a 3"),
        letter.letter().history().stream().map(Failure::text).toList());
    assertTrue(letter.error().contains("DeadLettersTest"), letter.error());
    cured = true;
    assertEquals(0, dead.redrive("photos", new Selection.Matching("Photo", "good"), LATER, 100));
    assertEquals(1, dead.redrive("photos", new Selection.Matching("Photo", "bad a"), LATER, 100));
    TestRole.await("it is done", () -> seen.size() == 1);
    assertEquals(List.of("a1"), seen);
    assertEquals(List.of(), dead.browse("photos", new Selection.All(), 10));
  }

  @Test
  void deadLetters_allDeleted_areGone() {
    handlePhotos();
    for (int i = 0; i < 5; i++) {
      JobId _ = jobs.send("photos", new Photo("p" + i)).submit();
    }
    DeadLetters dead = deadLetters();
    TestRole.await(
        "all are dead", () -> dead.browse("photos", new Selection.All(), 10).size() == 5);
    assertEquals(5, dead.delete("photos", new Selection.All(), LATER, 100));
    assertEquals(List.of(), dead.browse("photos", new Selection.All(), 10));
  }

  private JobStatus.State state(JobId id) {
    return jobs.status(id).map(JobStatus::state).orElseThrow();
  }

  @Test
  void tracked_failsIsRedrivenAndDone_statusTellsIt() {
    handlePhotos();
    JobId id = jobs.send("photos", new Photo("a")).tracked().submit();
    TestRole.await("it failed", () -> state(id) == JobStatus.State.FAILED);
    cured = true;
    assertEquals(1, deadLetters().redrive("photos", new Selection.All(), LATER, 100));
    TestRole.await("it is done", () -> state(id) == JobStatus.State.DONE);
  }

  @Test
  void tracked_resultAndNextStep_bothThere() {
    jobs.on(queue("next"), String.class, (text, job) -> seen.add(text));
    jobs.on(
        queue("photos"),
        Photo.class,
        (photo, job) -> {
          job.progress(1, 2, "half");
          JobId _ = job.send("next", "after " + photo.name()).submit();
          job.result(List.of(photo.name()));
        });
    JobId id = jobs.send("photos", new Photo("a")).tracked().submit();
    TestRole.await("it is done", () -> state(id) == JobStatus.State.DONE);
    assertEquals(Optional.of("[\"a\"]"), jobs.status(id).flatMap(JobStatus::result));
    TestRole.await("the next step", () -> seen.equals(List.of("after a")));
  }

  @Test
  void cancel_runningJob_isToldAndCancelled() throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(1);
    jobs.on(
        queue("photos"),
        Photo.class,
        (photo, job) -> {
          runs.countDown();
          job.stopToken().await();
          throw new IllegalStateException("as asked");
        });
    JobId id = jobs.send("photos", new Photo("a")).tracked().submit();
    runs.await();
    assertTrue(jobs.cancel(id));
    TestRole.await("it is cancelled", () -> state(id) == JobStatus.State.CANCELLED);
  }

  @Test
  void checkpoint_ofAPlainJob_isThereAtTheNextAttempt() {
    jobs.on(
        queue("photos").backoff(SOON),
        Photo.class,
        (photo, job) -> {
          int from = job.checkpoint(Integer.class).orElse(0);
          seen.add("from " + from);
          job.checkpoint(from + 10);
          if (from == 0) {
            throw new IOException("half way");
          }
        });
    JobId _ = jobs.send("photos", new Photo("a")).submit();
    TestRole.await("two attempts", () -> seen.size() == 2);
    assertEquals(List.of("from 0", "from 10"), seen);
  }

  @Test
  void keyWithWindow_secondMessage_hasTheIdOfTheFirst() {
    Duration window = Duration.ofMinutes(1);
    JobId first = jobs.send("photos", new Photo("a")).dedupKey("k", window).submit();
    assertEquals(first, jobs.send("photos", new Photo("b")).dedupKey("k", window).submit());
    jobs.on(queue("photos"), Photo.class, (photo, job) -> seen.add(photo.name()));
    JobId _ = jobs.send("photos", new Photo("end")).submit();
    TestRole.await("both", () -> seen.size() == 2);
    assertEquals(List.of("a", "end"), seen);
  }

  @Test
  void schedule_tick_isHandled() {
    jobs.on(
        onceAfter(Duration.ofMillis(100)).named("soon"), (tick, job) -> seen.add(tick.schedule()));
    TestRole.await("a tick", () -> seen.equals(List.of("soon")));
  }
}
