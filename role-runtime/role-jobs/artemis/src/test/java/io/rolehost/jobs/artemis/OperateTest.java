package io.rolehost.jobs.artemis;

import static io.rolehost.jobs.Triggers.cron;
import static io.rolehost.jobs.Triggers.queue;
import static io.rolehost.jobs.Triggers.queues;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.rolehost.api.Backoff;
import io.rolehost.api.Operations;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Jobs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What operators see of background work and do about it, on a broker inside the role. */
@Timeout(120)
final class OperateTest {

  record Photo(String name) {}

  private static final Backoff SOON = new Backoff(Duration.ofMillis(5), Duration.ofMillis(5), 1, 0);

  @TempDir Path folder;
  private final MetricRegistry metrics = new MetricRegistry();
  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
  private TestRole role;
  private Jobs jobs;
  private volatile boolean broken;

  @BeforeEach
  void open() {
    role = new TestRole(folder, "rolehost.jobs.on-freeze = pause");
    jobs = Jobs.open(role, metrics);
  }

  @AfterEach
  void close() {
    role.close();
  }

  private void handlePhotos(Jobs by) {
    by.on(
        queue("photos").maxAttempts(2).backoff(SOON),
        Photo.class,
        (photo, job) -> {
          if (broken) {
            throw new IllegalStateException("no decoder for " + photo.name());
          }
          seen.add(photo.name());
        });
  }

  private void send(String... names) {
    for (String name : names) {
      JobId _ = jobs.send("photos", new Photo(name)).id(new JobId("job-" + name)).submit();
    }
  }

  private Map<String, Object> look(String... query) {
    Operations.Answer answer = role.shown("jobs").look(map(query));
    assertEquals(200, answer.status(), () -> answer.body().toString());
    return answer.body();
  }

  private Operations.Answer act(String verb, String... parameters) {
    return role.shown("jobs").act(verb, map(parameters), "anna");
  }

  private Map<String, Object> done(String verb, String... parameters) {
    Operations.Answer answer = act(verb, parameters);
    assertEquals(200, answer.status(), () -> answer.body().toString());
    return answer.body();
  }

  private static Map<String, String> map(String... pairs) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  private static List<Map<?, ?>> rows(Map<String, Object> answer, String name) {
    List<Map<?, ?>> rows = new ArrayList<>();
    list(answer, name).forEach(row -> rows.add((Map<?, ?>) row));
    return rows;
  }

  private static List<?> list(Map<?, ?> values, String name) {
    return values.get(name) instanceof List<?> list ? list : List.of();
  }

  private Map<?, ?> queueRow(String name) {
    return rows(look("what", "queues"), "queues").stream()
        .filter(row -> name.equals(row.get("queue")))
        .findFirst()
        .orElse(Map.of());
  }

  private List<Map<?, ?>> dead() {
    return rows(look("what", "dead", "queue", "photos"), "deadLetters");
  }

  private void awaitSeen(int number) {
    TestRole.await(number + " calls, there were " + seen, () -> seen.size() >= number);
  }

  @Test
  void deadLetters_areShownWithTheirHistory_redrivenAndDeleted() {
    broken = true;
    handlePhotos(jobs);
    send("a", "b", "c");
    TestRole.await("all are dead", () -> dead().size() == 3);
    Map<?, ?> letter =
        dead().stream().filter(row -> "job-a".equals(row.get("id"))).findFirst().orElseThrow();
    assertEquals("attempts spent", letter.get("reason"));
    assertEquals("java.lang.IllegalStateException: no decoder for a", letter.get("failure"));
    assertEquals(2, list(letter, "history").size());
    assertEquals("{\"name\":\"a\"}", letter.get("payload"));
    assertEquals(3L, queueRow("photos").get("dead"));
    assertEquals("\"photos\" has 3 dead letters", role.problem("jobs-dead-letters"));

    broken = false;
    Map<String, Object> answer = done("redrive", "queue", "photos", "ids", "job-a,job-nobody");
    assertEquals(1, answer.get("count"));
    assertEquals(List.of("job-nobody"), answer.get("missing"));
    awaitSeen(1);
    assertEquals(1, done("delete", "queue", "photos", "ids", "job-b").get("count"));
    Map<String, Object> rest = done("redrive", "queue", "photos", "all", "true");
    assertEquals(1, rest.get("count"));
    assertEquals(false, rest.get("more"));
    awaitSeen(2);
    assertEquals(List.of("a", "c"), seen);
    assertEquals(List.of(), dead());
    assertEquals(0L, queueRow("photos").get("dead"));
    assertEquals("", role.problem("jobs-dead-letters"));
  }

  @Test
  void queueThatNobodyKnows_isRefused_withThoseThereAre() {
    handlePhotos(jobs);
    Operations.Answer answer = role.shown("jobs").look(Map.of("what", "dead", "queue", "fotos"));
    assertEquals(404, answer.status());
    assertEquals("There is no queue \"fotos\"; there are [photos]", answer.body().get("detail"));
    assertEquals(404, act("redrive", "queue", "fotos", "all", "true").status());
    assertEquals(400, act("explode").status());
    assertEquals(400, act("redrive", "queue", "photos").status());
  }

  @Test
  void pausedQueue_isTakenFromByNobody_alsoNotByOneThatStartsThen() {
    handlePhotos(jobs);
    send("before");
    awaitSeen(1);
    Map<String, Object> _ = done("pause", "name", "photos", "reason", "bad decoder");
    send("meanwhile");
    try (TestRole other = new TestRole(folder)) {
      handlePhotos(Jobs.open(other));
      TestRole.await("it waits", () -> Long.valueOf(1).equals(queueRow("photos").get("waiting")));
      assertEquals("by anna: bad decoder", queueRow("photos").get("paused"));
      TestRole.await(
          "the other has seen it",
          () ->
              rows(other.shown("jobs").look(Map.of()).body(), "queues").stream()
                  .anyMatch(row -> "by anna: bad decoder".equals(row.get("paused"))));
      assertEquals(List.of("before"), seen);
      Map<String, Object> _ = done("resume", "name", "photos");
      awaitSeen(2);
    }
    assertEquals(List.of("before", "meanwhile"), seen);
    assertEquals("\"photos\" was not paused", done("resume", "name", "photos").get("detail"));
  }

  @Test
  void freeze_withPause_stopsTheIntake_losesNothing_andGoesOn() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    jobs.on(
        queue("photos"),
        Photo.class,
        (photo, job) -> {
          taken.countDown();
          go.await();
          seen.add(photo.name());
        });
    send("taken");
    taken.await();
    role.freeze(true);
    TestRole.await(
        "it pauses",
        () ->
            "a freeze covers this instance"
                .equals(String.valueOf(queueRow("photos").get("paused"))));
    send("later");
    go.countDown();
    awaitSeen(1);
    TestRole.await("it waits", () -> Long.valueOf(1).equals(queueRow("photos").get("waiting")));
    TestRole.await(
        "nobody takes", () -> Integer.valueOf(0).equals(queueRow("photos").get("receivers")));
    assertEquals(List.of("taken"), seen);
    role.freeze(false);
    awaitSeen(2);
    assertEquals(List.of("taken", "later"), seen);
  }

  @Test
  void freeze_isSeen_atTheNextLook() {
    handlePhotos(jobs);
    send("a");
    awaitSeen(1);
    role.freeze(true);
    long begun = System.nanoTime();
    while (paused() == 0) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    // A loaded machine may be late once; the next look comes 100 ms later.
    assertTrue(took.toMillis() < 2_000, () -> "seen after " + took);
  }

  private int paused() {
    return ((Number) gauge("rolehost.jobs.paused.photos")).intValue();
  }

  @Test
  void schedule_runNowAndPaused_isShownWithItsNextFiveTimes() {
    jobs.on(cron("0 0 3 * * *").named("nightly"), (tick, job) -> seen.add("tick " + job.attempt()));
    String job = String.valueOf(done("run", "schedule", "nightly").get("job"));
    awaitSeen(1);
    TestRole.await(
        "the tick is recorded as run",
        () -> {
          Map<?, ?> row = rows(look("what", "schedules"), "schedules").getFirst();
          List<?> last = list(row, "last");
          return !last.isEmpty()
              && "ran".equals(((Map<?, ?>) last.getFirst()).get("outcome"))
              && job.equals(((Map<?, ?>) last.getFirst()).get("job"));
        });
    Map<?, ?> row = rows(look("what", "schedules"), "schedules").getFirst();
    assertEquals(5, list(row, "next").size());
    assertEquals("nightly", row.get("schedule"));
    assertEquals("DONE", look("what", "job", "id", job).get("state"));

    Map<String, Object> _ = done("pause", "name", "nightly", "reason", "holiday");
    Map<?, ?> paused = rows(look("what", "schedules"), "schedules").getFirst();
    assertTrue(String.valueOf(paused.get("paused")).contains("by=anna"), () -> paused.toString());
    assertEquals("\"nightly\" goes on", done("resume", "name", "schedule:nightly").get("detail"));
    assertEquals(404, act("run", "schedule", "daily").status());
    TestRole.await(
        "the summary has it", () -> rows(role.shown("jobs").summary(), "schedules").size() == 1);
  }

  @Test
  void trackedJob_isListedWithProgress_andCancelled() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    jobs.on(
        queue("long"),
        Photo.class,
        (photo, job) -> {
          job.progress(3, 10, "albums");
          running.countDown();
          job.stopToken().await();
          throw new InterruptedException("asked to end");
        });
    JobId id = jobs.send("long", new Photo("x")).tracked().submit();
    running.await();
    Map<?, ?> row = rows(look("what", "jobs", "state", "running"), "jobs").getFirst();
    assertEquals(id.value(), row.get("id"));
    assertEquals(Map.of("done", 3L, "total", 10L, "text", "albums"), row.get("progress"));
    Map<String, Object> _ = done("cancel", "id", id.value());
    TestRole.await(
        "it is cancelled",
        () -> "CANCELLED".equals(look("what", "job", "id", id.value()).get("state")));
    assertEquals(404, act("cancel", "id", id.value()).status());
    assertEquals(404, act("cancel", "id", "nobody").status());
    assertEquals(List.of(), look("what", "jobs", "state", "running").get("jobs"));
    assertEquals(1, count("rolehost.jobs.ended.long.cancelled"));
  }

  @Test
  void metrics_ofQueues_countWhatEnded_byTheLabelOfTheirTrigger() {
    jobs.on(
        queues("tenant.").maxAttempts(2).backoff(SOON),
        Photo.class,
        (photo, job) -> {
          if (photo.name().equals("bad")) {
            throw new IllegalStateException("bad");
          }
          seen.add(photo.name());
        });
    JobId _ = jobs.send("tenant.one", new Photo("a")).submit();
    JobId _ = jobs.send("tenant.two", new Photo("b")).submit();
    JobId _ = jobs.send("tenant.two", new Photo("bad")).submit();
    awaitSeen(2);
    TestRole.await("one is dead", () -> count("rolehost.jobs.ended.tenant/*.dead") == 1);
    TestRole.await("all are counted", () -> count("rolehost.jobs.ended.tenant/*.done") == 2);
    assertEquals(1, count("rolehost.jobs.retries.tenant/*"));
    assertEquals(3, count("rolehost.jobs.begun.tenant/*"));
    assertEquals(4, metrics.timer("rolehost.jobs.handling.seconds.tenant/*").getCount());
    TestRole.await(
        "the dead letter is sampled",
        () -> Double.valueOf(1).equals(gauge("rolehost.jobs.dead.letters.tenant/*")));
    assertEquals(0.0, gauge("rolehost.jobs.depth.tenant/*"));
    assertEquals(0L, gauge("rolehost.jobs.in.flight.tenant/*"));
    assertFalse(
        metrics.getNames().stream().anyMatch(name -> name.contains("tenant/one")),
        () -> metrics.getNames().toString());
  }

  private long count(String name) {
    return metrics.getMetrics().get(name) instanceof Counter counter ? counter.getCount() : -1;
  }

  private Object gauge(String name) {
    return metrics.getMetrics().get(name) instanceof Gauge<?> gauge ? gauge.getValue() : "none";
  }

  @Test
  void oldestMessage_thatWaitsTooLong_isReported() {
    try (TestRole hasty = new TestRole(folder, "rolehost.jobs.report.oldest-message = 100ms")) {
      Jobs theirs = Jobs.open(hasty);
      handlePhotos(theirs);
      JobId _ = theirs.send("photos", new Photo("a")).submit();
      awaitSeen(1);
      Operations.Answer _ = hasty.shown("jobs").act("pause", Map.of("name", "photos"), "anna");
      JobId _ = theirs.send("photos", new Photo("b")).submit();
      TestRole.await(
          "it is reported",
          () -> hasty.problem("jobs-oldest-message").startsWith("\"photos\": the oldest of 1"));
    }
  }

  @Test
  void summary_beforeAnythingIsUsed_asksNobody() {
    Map<String, Object> summary = role.shown("jobs").summary();
    assertEquals(List.of(), summary.get("queues"));
    assertEquals(List.of(), look("what", "jobs").get("jobs"));
    assertFalse(folder.resolve("jobs").resolve("ledger.db").toFile().exists());
    assertFalse(folder.resolve("jobs").resolve("broker.conf").toFile().exists());
  }
}
