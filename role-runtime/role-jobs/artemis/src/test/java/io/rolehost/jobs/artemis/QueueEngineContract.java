package io.rolehost.jobs.artemis;

import static io.rolehost.jobs.Triggers.queue;
import static io.rolehost.jobs.Triggers.queues;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Backoff;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.engine.BrokerAddress;
import io.rolehost.jobs.engine.BrokerKind;
import io.rolehost.jobs.engine.Engine;
import io.rolehost.jobs.engine.Engines;
import io.rolehost.jobs.engine.LocalBroker;
import io.rolehost.jobs.queue.DeadLetter;
import io.rolehost.jobs.queue.JobQueues;
import io.rolehost.jobs.queue.Link;
import io.rolehost.jobs.queue.QueueWatch;
import io.rolehost.jobs.queue.Selection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an engine that has all capabilities must do, on a real broker behind a line that can be cut.
 */
@Timeout(120)
public abstract class QueueEngineContract {

  /** What is sent; public for those who extend this. */
  public record Photo(String name, int number) {}

  private static final Backoff SOON = new Backoff(Duration.ofMillis(5), Duration.ofMillis(5), 1, 0);
  private static final Duration LOST_AFTER = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private LocalBroker.Running broker;
  private Relay relay;
  private int brokerPort;
  private TestRole role;
  private JobQueues jobs;
  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

  /** For those who extend it. */
  protected QueueEngineContract() {}

  /** Returns the URL of a broker on a port of this machine. */
  protected abstract String url(int port);

  @BeforeEach
  void open() throws Exception {
    broker = startBroker(0);
    brokerPort = URI.create(broker.there().url()).getPort();
    relay = new Relay(brokerPort);
    role = new TestRole(folder);
    jobs = queuesOf(role);
  }

  /** Returns queues at the same broker, of which somebody said what it is. */
  protected final JobQueues queuesAs(BrokerKind said) {
    return queuesOf(role, url(relay.port()), said, Duration.ofSeconds(2));
  }

  @AfterEach
  void close() throws Exception {
    role.close();
    relay.close();
    broker.close();
  }

  private LocalBroker.Running startBroker(int port) throws Exception {
    return new ArtemisBroker()
        .start(
            new LocalBroker.Settings(
                folder.resolve("broker"),
                "127.0.0.1",
                port,
                "jobs",
                "secret",
                100,
                16 << 20,
                LOST_AFTER));
  }

  private JobQueues queuesOf(TestRole owner) {
    return queuesOf(owner, url(relay.port()), BrokerKind.AUTO, PATIENCE);
  }

  private static JobQueues queuesOf(
      TestRole owner, String url, BrokerKind said, Duration patience) {
    BrokerAddress address = new BrokerAddress(url, "jobs", "secret", LOST_AFTER, said);
    Engine engine = Engines.of(address.scheme());
    Link link = owner.closeOnStop(new Link(engine, () -> address));
    return new JobQueues(
        owner,
        new JobQueues.Settings(
            engine,
            engine.capabilities(address),
            link,
            new NoLedger(),
            InstantSource.system(),
            patience,
            Duration.ofSeconds(5)),
        QueueWatch.NONE);
  }

  private void awaitSeen(int number) {
    TestRole.await(number + " calls, there were " + seen, () -> seen.size() >= number);
  }

  /** Lets the first connection tell what the broker has. */
  private void connect() {
    JobId _ = jobs.send("connect", "now").priority(5).submit();
  }

  private void on(String queue) {
    jobs.on(queue(queue), Photo.class, (photo, job) -> seen.add(photo.name() + photo.number()));
  }

  @Test
  void send_handled_withAllThatWasSent() {
    jobs.on(
        queue("photos"),
        Photo.class,
        (photo, job) ->
            seen.add(
                photo.name()
                    + " "
                    + job.type()
                    + " "
                    + job.attempt()
                    + " "
                    + job.headers()
                    + " "
                    + job.correlationId()
                    + " "
                    + job.id()));
    JobId id =
        jobs.send("photos", new Photo("a", 1)).header("by", "me").correlationId("c").submit();
    awaitSeen(1);
    assertEquals(List.of("a Photo 1 {by=me} c " + id), seen);
  }

  @Test
  void delay_message_comesNoSooner() {
    on("photos");
    JobId _ = jobs.send("photos", new Photo("first", 1)).submit();
    awaitSeen(1);
    long begun = System.nanoTime();
    JobId _ = jobs.send("photos", new Photo("late", 1)).delay(Duration.ofSeconds(1)).submit();
    awaitSeen(2);
    long took = System.nanoTime() - begun;
    assertTrue(took >= Duration.ofMillis(990).toNanos(), "came after " + took);
  }

  @Test
  void priority_higher_goesFirst() {
    for (int i = 0; i <= 9; i++) {
      JobId _ = jobs.send("photos", new Photo("p", i)).priority(i).submit();
    }
    on("photos");
    awaitSeen(10);
    assertEquals(IntStream.range(0, 10).mapToObj(i -> "p" + (9 - i)).toList(), seen);
  }

  @Test
  void reply_goesWithTheCommitOfTheAttemptThatSucceeded() {
    jobs.on(queue("answers"), String.class, (text, job) -> seen.add(text + job.correlationId()));
    jobs.on(
        queue("photos").backoff(SOON),
        Photo.class,
        (photo, job) -> {
          job.reply("try " + job.attempt() + " of ");
          JobId _ = job.send("next", photo).submit();
          if (job.attempt() == 1) {
            throw new IllegalStateException("not yet");
          }
        });
    JobId _ =
        jobs.send("photos", new Photo("a", 1)).replyTo("answers").correlationId("q1").submit();
    awaitSeen(1);
    on("next");
    awaitSeen(2);
    JobId _ = jobs.send("next", new Photo("end", 1)).submit();
    awaitSeen(3);
    assertEquals(List.of("try 2 of q1", "a1", "end1"), seen);
  }

  @Test
  void dedupKey_second_isRefused() {
    for (String name : List.of("a", "again", "again")) {
      JobId _ = jobs.send("photos", new Photo(name, 1)).dedupKey("k").submit();
    }
    JobId _ = jobs.send("photos", new Photo("b", 1)).id(new JobId("b")).submit();
    JobId _ = jobs.send("photos", new Photo("b", 2)).id(new JobId("b")).submit();
    JobId _ = jobs.send("photos", new Photo("end", 1)).submit();
    on("photos");
    awaitSeen(3);
    assertEquals(List.of("a1", "b1", "end1"), seen);
  }

  @Test
  void poison_deadLetterWithHistory_andBackWithFreshAttempts() {
    AtomicBoolean repaired = new AtomicBoolean();
    jobs.on(
        queue("photos").maxAttempts(3).backoff(SOON),
        Photo.class,
        (photo, job) -> {
          if (!repaired.get()) {
            throw new IllegalStateException("bad lens " + job.attempt());
          }
          seen.add(photo.name() + job.attempt());
        });
    JobId id = jobs.send("photos", new Photo("a", 1)).header("by", "me").submit();
    TestRole.await("a dead letter", () -> !dead().isEmpty());
    DeadLetter letter = dead().getFirst();
    assertEquals(id, letter.letter().id());
    assertEquals("ATTEMPTS_SPENT", letter.reason());
    assertEquals(3, letter.letter().attempts());
    assertEquals(Map.of("by", "me"), letter.letter().headers());
    assertEquals(
        List.of("bad lens 1", "bad lens 2", "bad lens 3"),
        letter.letter().history().stream()
            .map(failure -> failure.text().substring(failure.text().indexOf("bad")))
            .toList());
    assertEquals(
        1, jobs.deadLetters().browse("photos", new Selection.Matching("Photo", "lens"), 9).size());
    assertEquals(
        0, jobs.deadLetters().browse("photos", new Selection.Matching("Album", ""), 9).size());
    repaired.set(true);
    assertEquals(1, jobs.deadLetters().redrive("photos", new Selection.One(id), Instant.now(), 9));
    awaitSeen(1);
    assertEquals(List.of("a1"), seen);
    assertEquals(List.of(), dead());
  }

  private List<DeadLetter> dead() {
    return jobs.deadLetters().browse("photos", new Selection.All(), 10);
  }

  /** Returns how often a connection may be cut under a handler before the broker counts that. */
  protected int cutsUntilCounted() {
    return 1;
  }

  @Test
  void connection_cutUnderAHandler_countsAndIsFoundAgain() throws InterruptedException {
    Semaphore runs = new Semaphore(0);
    jobs.on(
        queue("photos").maxAttempts(5),
        Photo.class,
        (photo, job) -> {
          seen.add(photo.name() + job.attempt());
          runs.release();
          if (job.attempt() == 1) {
            new CountDownLatch(1).await(); // until it is broken off
          }
        });
    JobId _ = jobs.send("photos", new Photo("a", 1)).submit();
    runs.acquire();
    int cuts = 0;
    while (cuts < cutsUntilCounted() && seen.getLast().equals("a1")) {
      relay.cut();
      cuts++;
      runs.acquire();
    }
    assertEquals("a2", seen.getLast(), () -> "of " + seen);
  }

  @Test
  void stop_runningJob_goesBackUncounted() throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(1);
    jobs.on(
        queue("photos").maxAttempts(2),
        Photo.class,
        (photo, job) -> {
          runs.countDown();
          job.stopToken().await();
          throw new IllegalStateException("stopped");
        });
    JobId _ = jobs.send("photos", new Photo("a", 1)).submit();
    runs.await();
    role.close();
    for (int i = 0; i < 2; i++) {
      role = new TestRole(folder);
      CountDownLatch again = new CountDownLatch(1);
      queuesOf(role)
          .on(
              queue("photos").maxAttempts(2),
              Photo.class,
              (photo, job) -> {
                seen.add(photo.name() + job.attempt());
                again.countDown();
                new CountDownLatch(1).await(); // listens to the interrupt alone
              });
      again.await();
      role.close();
    }
    assertEquals(List.of("a1", "a1"), seen);
  }

  @Test
  void group_withFailures_staysInOrder() {
    Map<Integer, AtomicInteger> calls = new ConcurrentHashMap<>();
    jobs.on(
        queue("photos").concurrency(3).backoff(SOON),
        Photo.class,
        (photo, job) -> {
          int call =
              calls.computeIfAbsent(photo.number(), _ -> new AtomicInteger()).incrementAndGet();
          if (photo.number() % 3 == 1 && call < 3) {
            throw new IllegalStateException("call " + call);
          }
          seen.add(photo.name() + photo.number());
        });
    for (int i = 0; i < 12; i++) {
      JobId _ = jobs.send("photos", new Photo("a", i)).group("a").submit();
      JobId _ = jobs.send("photos", new Photo("b", i)).group("b").submit();
    }
    awaitSeen(24);
    for (String group : List.of("a", "b")) {
      assertEquals(
          IntStream.range(0, 12).mapToObj(i -> group + i).toList(),
          seen.stream().filter(s -> s.startsWith(group)).toList());
    }
  }

  @Test
  void broker_restarted_nothingIsLostAndItIsFoundAgain() throws Exception {
    for (int i = 0; i < 5; i++) {
      JobId _ = jobs.send("photos", new Photo("p", i)).submit();
    }
    broker.close();
    broker = startBroker(brokerPort);
    on("photos");
    awaitSeen(5);
    JobId _ = jobs.send("photos", new Photo("p", 5)).dedupKey("p5").submit();
    awaitSeen(6);
    assertEquals(IntStream.range(0, 6).mapToObj(i -> "p" + i).toList(), seen);
  }

  @Test
  void addresses_brokerMovesToTheSecond_nothingIsLost() throws Exception {
    int second;
    try (ServerSocket free = new ServerSocket(0)) {
      second = free.getLocalPort();
    }
    JobQueues both = queuesOf(role, url(brokerPort) + "," + url(second), BrokerKind.AUTO, PATIENCE);
    for (int i = 0; i < 3; i++) {
      JobId _ = both.send("photos", new Photo("p", i)).submit();
    }
    broker.close();
    broker = startBroker(second);
    both.on(queue("photos"), Photo.class, (photo, job) -> seen.add(photo.name() + photo.number()));
    awaitSeen(3);
    assertEquals(List.of("p0", "p1", "p2"), seen);
  }

  @Test
  void prefix_newQueue_isFoundLive() {
    connect();
    jobs.on(queues("tenant."), Photo.class, (photo, job) -> seen.add(photo.name()));
    JobId _ = jobs.send("tenant.a", new Photo("a", 1)).submit();
    awaitSeen(1);
    JobId _ = jobs.send("tenant.b", new Photo("b", 1)).submit();
    awaitSeen(2);
    assertEquals(List.of("a", "b"), seen);
  }

  @Test
  void look_tellsWhatWaits() {
    connect();
    JobId _ = jobs.send("looked.at", new Photo("a", 1)).submit();
    JobId _ = jobs.send("looked.at", new Photo("b", 1)).delay(Duration.ofHours(1)).submit();
    TestRole.await(
        "one waits and one is scheduled",
        () ->
            jobs.look("looked.").stream()
                .anyMatch(look ->
                    look.name().equals("looked.at")
                        && look.waiting() == 1
                        && look.scheduled() == 1
                        && look.oldest().isPresent()));
  }

  @Test
  void unknownType_parkedAndBackWhenItHasAHandler() {
    on("photos");
    JobId _ = jobs.send("photos", "text").submit();
    TestRole.await(
        "it is parked",
        () -> jobs.look("photos.parked").stream().anyMatch(look -> look.waiting() == 1));
    role.close();
    role = new TestRole(folder);
    jobs = queuesOf(role);
    connect();
    jobs.on(queue("photos"), String.class, (text, job) -> seen.add(text));
    awaitSeen(1);
    assertEquals(List.of("text"), seen);
  }
}
