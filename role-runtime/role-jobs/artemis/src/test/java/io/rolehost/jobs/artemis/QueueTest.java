package io.rolehost.jobs.artemis;

import static io.rolehost.jobs.Triggers.queue;
import static io.rolehost.jobs.Triggers.queues;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Backoff;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobType;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.PermanentJobException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Queues on a broker inside the role. */
@Timeout(120)
final class QueueTest {

  record Photo(String name, int number) {}

  @JobType("album")
  record Album(String name) {}

  @JobType(value = "picture-book", formerly = "album")
  record PictureBook(String name) {}

  private static final Backoff SOON = new Backoff(Duration.ofMillis(5), Duration.ofMillis(5), 1, 0);

  @TempDir Path folder;
  private TestRole role;
  private Jobs jobs;
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

  private void awaitSeen(int number) {
    TestRole.await(number + " calls, there were " + seen, () -> seen.size() >= number);
  }

  @Test
  void send_handled_withAllThatWasSent() {
    jobs.on(
        queue("photos"),
        Photo.class,
        (photo, job) ->
            seen.add(
                photo
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
    assertEquals(List.of("Photo[name=a, number=1] Photo 1 {by=me} c " + id), seen);
  }

  @Test
  void delay_message_comesNoSooner() {
    jobs.on(queue("photos"), Photo.class, (photo, job) -> seen.add(photo.name()));
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
    jobs.on(queue("photos"), Photo.class, (photo, job) -> seen.add("" + photo.number()));
    awaitSeen(10);
    assertEquals("9876543210", String.join("", seen));
  }

  @Test
  void reply_goesWithTheCommit_toTheQueueAskedFor() {
    jobs.on(queue("answers"), String.class, (text, job) -> seen.add(text + job.correlationId()));
    jobs.on(
        queue("photos").backoff(SOON),
        Photo.class,
        (photo, job) -> {
          job.reply("try " + job.attempt() + " of ");
          if (job.attempt() == 1) {
            throw new IllegalStateException("not yet");
          }
        });
    JobId _ =
        jobs.send("photos", new Photo("a", 1)).replyTo("answers").correlationId("q1").submit();
    awaitSeen(1);
    assertEquals(List.of("try 2 of q1"), seen);
  }

  @Test
  void dedupKey_second_isRefused() {
    CountDownLatch go = new CountDownLatch(1);
    jobs.on(
        queue("photos"),
        Photo.class,
        (photo, job) -> {
          go.await();
          seen.add(photo.name());
        });
    for (String name : List.of("a", "again", "again")) {
      JobId _ = jobs.send("photos", new Photo(name, 1)).dedupKey("k").submit();
    }
    JobId _ = jobs.send("photos", new Photo("b", 1)).id(new JobId("b")).submit();
    JobId _ = jobs.send("photos", new Photo("b2", 1)).id(new JobId("b")).submit();
    JobId _ = jobs.send("photos", new Photo("end", 1)).submit();
    go.countDown();
    awaitSeen(3);
    assertEquals(List.of("a", "b", "end"), seen);
  }

  @Test
  void dedupKey_insideHandlerAndKnownAlready_doesNotFailTheJob() {
    jobs.on(queue("next"), String.class, (text, job) -> seen.add(text));
    AtomicInteger calls = new AtomicInteger();
    jobs.on(
        queue("photos"),
        Photo.class,
        (photo, job) -> {
          calls.incrementAndGet();
          JobId _ = job.send("next", photo.name()).dedupKey("same").submit();
        });
    JobId _ = jobs.send("photos", new Photo("a", 1)).submit();
    awaitSeen(1);
    JobId _ = jobs.send("photos", new Photo("b", 1)).submit();
    TestRole.await("two calls", () -> calls.get() == 2);
    JobId _ = jobs.send("next", "end").submit();
    awaitSeen(2);
    assertEquals(List.of("a", "end"), seen);
    assertEquals(2, calls.get());
  }

  @Test
  void group_withFailures_staysInOrder() {
    Map<Integer, AtomicInteger> calls = new ConcurrentHashMap<>();
    jobs.on(
        queue("photos").concurrency(4).backoff(SOON),
        Photo.class,
        (photo, job) -> {
          int call =
              calls.computeIfAbsent(photo.number(), _ -> new AtomicInteger()).incrementAndGet();
          if (photo.number() % 3 == 1 && call < 3) {
            throw new IllegalStateException("call " + call);
          }
          seen.add(photo.name() + photo.number());
        });
    for (int i = 0; i < 20; i++) {
      JobId _ = jobs.send("photos", new Photo("a", i)).group("a").submit();
      JobId _ = jobs.send("photos", new Photo("b", i)).group("b").submit();
    }
    awaitSeen(40);
    for (String group : List.of("a", "b")) {
      assertEquals(
          IntStream.range(0, 20).mapToObj(i -> group + i).toList(),
          seen.stream().filter(s -> s.startsWith(group)).toList());
    }
  }

  @Test
  void permanentFailure_notTriedAgain() {
    jobs.on(
        queue("photos").backoff(SOON).permanent(IllegalArgumentException.class),
        Photo.class,
        (photo, job) -> {
          seen.add(photo.name() + job.attempt());
          switch (photo.name()) {
            case "declared" -> throw new IllegalArgumentException("no photo");
            case "said" -> throw new PermanentJobException("never");
            default -> {}
          }
        });
    for (String name : List.of("declared", "said", "end")) {
      JobId _ = jobs.send("photos", new Photo(name, 1)).submit();
    }
    awaitSeen(3);
    assertEquals(List.of("declared1", "said1", "end1"), seen);
  }

  @Test
  void unknownType_parkedAndBackWhenItHasAHandler() {
    jobs.on(queue("photos"), Photo.class, (photo, job) -> seen.add(photo.name()));
    JobId _ = jobs.send("photos", new Album("album")).submit();
    JobId _ = jobs.send("photos", new Photo("photo", 1)).submit();
    awaitSeen(1);
    role.close();
    TestRole next = new TestRole(folder);
    try {
      Jobs again = next.open();
      again.on(queue("photos"), PictureBook.class, (book, job) -> seen.add("book " + book.name()));
      awaitSeen(2);
    } finally {
      next.close();
    }
    assertEquals(List.of("photo", "book album"), seen);
  }

  @Test
  void prefix_newQueue_isFoundLive() {
    jobs.on(queues("tenant."), Photo.class, (photo, job) -> seen.add(photo.name()));
    JobId _ = jobs.send("tenant.a", new Photo("a", 1)).submit();
    awaitSeen(1);
    JobId _ = jobs.send("tenant.b", new Photo("b", 1)).submit();
    awaitSeen(2);
    assertEquals(List.of("a", "b"), seen);
  }

  @Test
  void timeout_hungHandler_othersGoOn() {
    CountDownLatch never = new CountDownLatch(1);
    jobs.on(
        queue("photos").maxAttempts(2).timeout(Duration.ofMillis(200)).backoff(SOON),
        Photo.class,
        (photo, job) -> {
          seen.add(photo.name() + job.attempt());
          if (photo.name().equals("hangs")) {
            boolean interrupted = false;
            while (!interrupted) {
              try {
                never.await();
              } catch (InterruptedException e) {
                interrupted = job.attempt() == 1; // the second time it does not even listen
              }
            }
          }
        });
    JobId _ = jobs.send("photos", new Photo("hangs", 1)).submit();
    JobId _ = jobs.send("photos", new Photo("fine", 1)).submit();
    awaitSeen(3);
    assertEquals(List.of("fine1", "hangs1", "hangs2"), seen.stream().sorted().toList());
    JobId _ = jobs.send("photos", new Photo("after", 1)).submit();
    awaitSeen(4);
    never.countDown();
  }

  @Test
  void rate_isHeld() {
    jobs.on(
        queue("photos").concurrency(4).ratePerSecond(20),
        Photo.class,
        (photo, job) -> seen.add(photo.name()));
    long begun = System.nanoTime(); // the first are handled while others are sent
    for (int i = 0; i < 11; i++) {
      JobId _ = jobs.send("photos", new Photo("p", i)).submit();
    }
    awaitSeen(1);
    long first = System.nanoTime();
    awaitSeen(11);
    assertTrue(System.nanoTime() - begun >= Duration.ofMillis(300).toNanos());
    assertTrue(System.nanoTime() - first < Duration.ofSeconds(20).toNanos());
  }

  @Test
  void sameTypeTwice_refused_namesBoth() {
    jobs.on(queue("photos"), Photo.class, (photo, job) -> {});
    String message =
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class,
                    () -> jobs.on(queue("photos"), Photo.class, (photo, job) -> {}))
                .getMessage());
    assertTrue(message.contains("photos") && message.contains("\"Photo\""), message);
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
    for (int i = 0; i < 3; i++) {
      TestRole next = new TestRole(folder);
      CountDownLatch again = new CountDownLatch(1);
      next.open()
          .on(
              queue("photos").maxAttempts(2),
              Photo.class,
              (photo, job) -> {
                seen.add(photo.name() + job.attempt());
                again.countDown();
                new CountDownLatch(1).await(); // listens to the interrupt alone
              });
      again.await();
      next.close();
    }
    assertEquals(List.of("a1", "a1", "a1"), seen);
  }

  @Test
  void freeze_pauseAsked_nothingIsTakenUntilItsEnd() {
    role.close();
    try (TestRole frozen = new TestRole(folder, "rolehost.jobs.on-freeze = pause")) {
      Jobs pausing = frozen.open();
      frozen.freeze(true);
      pausing.on(queue("photos"), Photo.class, (photo, job) -> seen.add(photo.name()));
      JobId _ = pausing.send("photos", new Photo("a", 1)).submit();
      frozen.freeze(false);
      awaitSeen(1);
    }
  }
}
