package io.rolehost.runtime.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Backoff;
import io.rolehost.api.CorruptionException;
import io.rolehost.api.FatalTaskException;
import io.rolehost.api.Fence;
import io.rolehost.api.OnPoison;
import io.rolehost.api.PermanentFailureException;
import io.rolehost.api.Restart;
import io.rolehost.api.Shared;
import io.rolehost.api.StaleFenceException;
import io.rolehost.api.Strategy;
import io.rolehost.api.Task;
import io.rolehost.api.TaskBody;
import io.rolehost.api.TaskContext;
import io.rolehost.api.TaskHandle;
import io.rolehost.api.TaskHandle.State;
import io.rolehost.api.TaskSupervisor;
import io.rolehost.api.fence.FencedFiles;
import io.rolehost.runtime.process.SystemTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class TaskTreeTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final TaskBody UNTIL_STOP = task -> task.stopToken().await();

  private final HandTicks ticks = new HandTicks();
  private final RecordingListener listener = new RecordingListener();
  private final TaskTree tree = new TaskTree(ticks, () -> NOW, new Random(1), listener, false);
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void endTree() {
    released.countDown();
    tree.cancel();
  }

  @Test
  void failedTask_alone_isRestartedAfterItsBackoff() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    TaskHandle other = tree.start(Task.named("other").body(UNTIL_STOP));
    TaskHandle failing =
        tree.start(
            Task.named("failing")
                .body(task -> {
                  if (task.attempt() == 1) {
                    throw new IOException("boom");
                  }
                  second.countDown();
                  task.stopToken().await();
                })
                .gatesReadiness()
                .backoff(new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(2), 1, 0)));

    listener.expect("failed failing 1 IOException", "restarted failing 2 in 2000 ms", "gating");
    assertEquals(List.of("failing"), tree.gatingDown());
    assertEquals(
        new TaskFacts(
            "failing",
            "BACKOFF",
            1,
            0,
            true,
            true,
            false,
            NOW,
            Optional.of("java.io.IOException: boom"),
            OptionalLong.empty(),
            0,
            Optional.of(Duration.ofSeconds(2))),
        tree.facts().get(1));
    ticks.move(Duration.ofMillis(1999), tree);
    assertEquals(State.BACKOFF, failing.state());
    ticks.move(Duration.ofMillis(1), tree);
    second.await();
    listener.expect("gating");
    assertEquals(List.of(), tree.gatingDown());
    assertEquals(2, failing.attempts());
    assertEquals(1, other.attempts());
    assertEquals(State.RUNNING, other.state());
  }

  @Test
  void failureStorm_withoutBackoff_endsWithTheBudget() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    TaskHandle handle =
        tree.start(
            Task.named("storm")
                .body(task -> {
                  // It has worked; the same failure three times is for those that never did.
                  task.progress(attempts.incrementAndGet());
                  throw new IOException("refused");
                })
                .backoff(Backoff.none())
                .budget(7, Duration.ofMinutes(1)));

    FatalTaskException thrown = assertThrows(FatalTaskException.class, tree::await);

    assertTrue(
        thrown
            .toString()
            .contains(
                "Task \"storm\" spent its budget of 7 restarts in 1 min; the role ends. Last"
                    + " failure: java.io.IOException: refused."),
        thrown.getMessage());
    assertInstanceOf(IOException.class, thrown.getCause());
    assertEquals(8, attempts.get());
    tree.cancel();
    assertEquals(State.FAILED, handle.state());
    assertEquals(
        List.of("escalated BUDGET storm", "ended storm FAILED"),
        listener.all.subList(listener.all.size() - 2, listener.all.size()));
  }

  @Test
  void permanentTask_returns_failsWithAMessageThatNamesTransient() throws Exception {
    tree.start(Task.named("short").body(_ -> {}).budget(0, Duration.ofMinutes(1)));

    FatalTaskException thrown = assertThrows(FatalTaskException.class, tree::await);

    assertTrue(String.valueOf(thrown.getCause()).contains("Restart.TRANSIENT"));
  }

  @Test
  void transientTask_returns_isDone_andItsNameFree() throws Exception {
    Task task = Task.named("once").body(_ -> {}).restart(Restart.TRANSIENT);
    tree.start(task);
    listener.expect("ended once DONE");
    tree.start(task);
    listener.expect("ended once DONE");
    assertEquals(1, tree.facts().size());
  }

  @Test
  void fatalAndPermanent_failures_endTheRole() throws Exception {
    tree.start(
        Task.named("licence")
            .body(_ -> {
              throw new PermanentFailureException("no licence");
            }));
    PermanentFailureException thrown = assertThrows(PermanentFailureException.class, tree::await);
    assertEquals(
        "Task \"licence\" says that a new start would fail again:"
            + " io.rolehost.api.PermanentFailureException: no licence",
        thrown.getMessage());
  }

  /** What a host makes of it has more to say than the exception: a hang exits with 81. */
  @Test
  void escalation_isToldBeforeAwaitEnds() throws Exception {
    CompletableFuture<Throwable> awaited = new CompletableFuture<>();
    CompletableFuture<Boolean> toldFirst = new CompletableFuture<>();
    SupervisionListener slow =
        new SupervisionListener() {
          @Override
          public void escalated(Escalation escalation) {
            try {
              var _ = awaited.get(300, TimeUnit.MILLISECONDS);
              toldFirst.complete(false);
            } catch (java.util.concurrent.TimeoutException stillWaits) {
              toldFirst.complete(true);
            } catch (Exception e) {
              toldFirst.completeExceptionally(e);
            }
          }
        };
    TaskTree told = new TaskTree(ticks, () -> NOW, new Random(1), slow, false);
    Thread waits =
        Thread.ofVirtual()
            .start(() -> {
              try {
                told.await();
              } catch (Exception e) {
                awaited.complete(e);
              }
            });
    told.start(
        Task.named("licence")
            .body(_ -> {
              throw new FatalTaskException("no licence");
            }));

    assertTrue(toldFirst.get());
    assertInstanceOf(FatalTaskException.class, awaited.get());
    waits.join();
    assertEquals(0, told.awaitLeft(ticks.nanos() + 1));
  }

  @Test
  void outOfMemory_asACause_escalatesAlsoAfterTheStop() throws Exception {
    tree.start(
        Task.named("memory")
            .body(task -> {
              task.stopToken().await();
              throw new IOException(new OutOfMemoryError("planned"));
            }));
    tree.cancel();
    listener.expect("failed memory 1 IOException", "escalated VM_ERROR memory");
  }

  @Test
  void corruption_cancelsEveryTaskByItself() throws Exception {
    List<TaskHandle> others =
        List.of(
            tree.start(Task.named("a").body(UNTIL_STOP)),
            tree.start(Task.named("b").body(UNTIL_STOP).cpuBound()));
    tree.start(
        Task.named("c")
            .body(_ -> {
              throw new IOException(new CorruptionException("half a ledger"));
            }));

    assertThrows(CorruptionException.class, tree::await);
    assertEquals(0, tree.awaitLeft(ticks.nanos() + 5_000_000_000L));
    assertEquals(List.of(State.DONE, State.DONE), others.stream().map(TaskHandle::state).toList());
    assertEquals(
        List.of(Escalation.Kind.CORRUPTION),
        listener.escalations.stream().map(Escalation::kind).toList());
    assertThrows(
        IllegalStateException.class, () -> tree.start(Task.named("late").body(UNTIL_STOP)));
  }

  @Test
  void sharedState_failingMutation_poisonsItAndCancelsEveryTask() throws Exception {
    Shared<StringBuilder> shared = tree.shared("ledger", () -> new StringBuilder("a"));
    shared.mutate(text -> text.append("b"));
    assertEquals("ab", shared.read(StringBuilder::toString));
    TaskHandle other = tree.start(Task.named("other").body(UNTIL_STOP));
    tree.start(
        Task.named("writer")
            .body(_ ->
                shared.mutate(text -> {
                  text.append("half");
                  throw new IOException("disk");
                })));

    CorruptionException thrown = assertThrows(CorruptionException.class, tree::await);

    assertTrue(thrown.toString().contains("\"ledger\""), thrown.getMessage());
    assertEquals(0, tree.awaitLeft(ticks.nanos() + 5_000_000_000L));
    assertEquals(State.DONE, other.state());
    CorruptionException later =
        assertThrows(CorruptionException.class, () -> shared.read(StringBuilder::toString));
    assertInstanceOf(IOException.class, later.getCause());
    assertEquals(1, listener.escalations.size());
  }

  @ParameterizedTest(name = "on platform threads: {0}")
  @ValueSource(booleans = {false, true})
  void stop_bodiesThatLeave_endDoneWhateverTheyThrow(boolean platform) throws Exception {
    TaskHandle waits =
        tree.start(
            on(
                platform,
                Task.named("backoff")
                    .body(_ -> {
                      throw new IOException("boom");
                    })));
    listener.expect("failed backoff 1 IOException");
    TaskHandle throwing =
        tree.start(
            on(
                platform,
                Task.named("throwing")
                    .body(task -> {
                      task.stopToken().await();
                      throw new CorruptionException("after the stop");
                    })));
    CountDownLatch running = new CountDownLatch(1);
    TaskHandle interrupted =
        tree.start(
            on(
                platform,
                Task.named("deaf")
                    .body(_ -> {
                      running.countDown();
                      released.await();
                    })
                    .stopWithin(Duration.ofSeconds(3))));
    running.await();

    tree.cancel();
    tree.await();
    assertEquals(State.DONE, waits.state());
    assertEquals(State.STOPPING, interrupted.state());
    ticks.move(Duration.ofSeconds(3), tree);
    assertEquals(0, tree.awaitLeft(ticks.nanos() + 60_000_000_000L));
    assertEquals(List.of(State.DONE, State.DONE), List.of(throwing.state(), interrupted.state()));
    assertEquals(List.of(), listener.escalations);
  }

  /** The stop is the same on both kinds of threads (spring-projects/spring-framework#35254). */
  private static Task on(boolean platform, Task task) {
    return platform ? task.cpuBound() : task;
  }

  @Test
  void stop_bodyThatIgnoresItsInterrupt_isAbandonedWithItsStackAndFenced() throws Exception {
    CompletableFuture<TaskContext> context = new CompletableFuture<>();
    CountDownLatch interrupted = new CountDownLatch(1);
    TaskHandle handle =
        tree.start(
            Task.named("stubborn")
                .body(task -> {
                  context.complete(task);
                  ignoreInterrupts(interrupted);
                })
                .stopWithin(Duration.ofSeconds(3)));
    Fence fence = context.get().fence();
    fence.check();

    tree.cancel();
    ticks.move(Duration.ofSeconds(3), tree);
    interrupted.await();
    fence.check();
    ticks.move(Duration.ofSeconds(1), tree);

    assertEquals(1, tree.awaitLeft(ticks.nanos() + 60_000_000_000L));
    assertEquals(State.ABANDONED, handle.state());
    Abandoned abandoned = listener.abandoned.getFirst();
    assertEquals("stubborn", abandoned.task());
    assertEquals(Duration.ofSeconds(3), abandoned.budget());
    assertTrue(
        abandoned.stack().stream().anyMatch(line -> line.contains("ignoreInterrupts")),
        abandoned.stack()::toString);
    assertThrows(StaleFenceException.class, fence::check);
  }

  /** After the stop an abandoned writer writes no more (solana-private-channels#291). */
  @Test
  void write_ofOneLeftBehindInTheStop_isRefusedAndReportedOnce(@TempDir Path folder)
      throws Exception {
    Path file = Files.writeString(folder.resolve("lease"), "the next owner's");
    CountDownLatch interrupted = new CountDownLatch(1);
    BlockingQueue<Throwable> refused = new LinkedBlockingQueue<>();
    tree.start(
        Task.named("writer")
            .body(task -> {
              ignoreInterrupts(interrupted);
              for (int i = 0; i < 3; i++) {
                try {
                  FencedFiles.of(task.fence()).writeString(file, "stale");
                } catch (StaleFenceException e) {
                  refused.add(e);
                }
              }
            })
            .stopWithin(Duration.ofSeconds(3)));
    tree.cancel();
    ticks.move(Duration.ofSeconds(3), tree);
    interrupted.await();
    ticks.move(Duration.ofSeconds(1), tree);
    assertEquals(1, tree.awaitLeft(ticks.nanos() + 60_000_000_000L));
    listener.expect("abandoned writer 1", "ended writer ABANDONED");

    released.countDown();
    for (int i = 0; i < 3; i++) {
      assertTrue(String.valueOf(refused.take()).contains("Attempt 1 of task \"writer\""));
    }
    assertEquals("the next owner's", Files.readString(file));
    assertEquals("refused writer 1", listener.all.getLast());
    assertEquals(1, listener.all.stream().filter("refused writer 1"::equals).count());
  }

  @Test
  void awaitLeft_endBeforeTheTasksOwnLimit_interruptsASecondBefore() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    tree.start(
        Task.named("stubborn")
            .body(_ -> {
              running.countDown();
              ignoreInterrupts(interrupted);
            })
            .stopWithin(Duration.ofMinutes(3)));
    running.await();
    long end = ticks.nanos() + Duration.ofSeconds(4).toNanos();
    CompletableFuture<Integer> left = CompletableFuture.supplyAsync(() -> tree.awaitLeft(end));
    while (interrupted.getCount() == 1) {
      ticks.move(Duration.ofMillis(100), tree);
      boolean _ = interrupted.await(5, TimeUnit.MILLISECONDS);
    }
    ticks.move(Duration.ofSeconds(4), tree);

    assertEquals(1, left.get());
    listener.expect("abandoned stubborn 1", "ended stubborn ABANDONED");
  }

  @Test
  void awaitLeft_endThatHasPassed_interruptsAllTheSame() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    tree.start(
        Task.named("stubborn")
            .body(_ -> {
              running.countDown();
              ignoreInterrupts(interrupted);
            }));
    running.await();

    assertEquals(1, tree.awaitLeft(ticks.nanos() - 1));
    interrupted.await();
    listener.expect("abandoned stubborn 1", "ended stubborn ABANDONED");
  }

  @Test
  void exitingBody_parkedForEver_countsAsEnded() throws Exception {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    TaskHandle handle =
        tree.start(
            Task.named("exit")
                .body(_ -> {
                  thread.complete(Thread.currentThread());
                  ignoreInterrupts(new CountDownLatch(1));
                }));
    assertTrue(tree.owns(thread.get()));
    assertFalse(tree.owns(Thread.currentThread()));

    tree.threadEnded(Thread.currentThread());
    tree.threadEnded(thread.get());

    assertEquals(0, tree.awaitLeft(ticks.nanos() + 1));
    assertEquals(State.DONE, handle.state());
  }

  @Test
  void handleStop_oneTask_endsAlone() throws Exception {
    TaskHandle one = tree.start(Task.named("one").body(UNTIL_STOP).gatesReadiness());
    TaskHandle two = tree.start(Task.named("two").body(UNTIL_STOP));
    assertThrows(
        IllegalArgumentException.class, () -> tree.start(Task.named("one").body(UNTIL_STOP)));

    one.stop();
    one.stop();

    listener.expect("gating", "ended one DONE");
    assertEquals(State.DONE, one.state());
    assertEquals(List.of("one"), tree.gatingDown());
    assertEquals(State.RUNNING, two.state());
  }

  @Test
  void hungTask_pastSoftThenHard_isSuspectThenReplacedThenEscalates() throws Exception {
    BlockingQueue<TaskContext> contexts = new LinkedBlockingQueue<>();
    TaskHandle handle =
        tree.start(
            Task.named("poller")
                .body(task -> {
                  contexts.add(task);
                  ignoreInterrupts(new CountDownLatch(1));
                })
                .hang(Duration.ofMillis(800), Duration.ofMillis(2000))
                .stopWithin(Duration.ofMillis(500))
                .backoff(Backoff.none()));
    TaskContext first = contexts.take();
    first.progress(7);
    step(1000, () -> tree.suspect());
    listener.expect("suspect true");
    first.progress(8);
    step(1000, () -> !tree.suspect());
    listener.expect("suspect false");
    first.idle();
    step(5000, () -> false);
    assertFalse(tree.suspect());

    first.progress(9);
    step(20_000, () -> !contexts.isEmpty());
    listener.expect(
        "suspect true",
        "abandoned poller 1",
        "failed poller 1 TimeoutException",
        "restarted poller 2 in 0 ms",
        "suspect false");
    assertFalse(first.fence().isCurrent());
    assertTrue(contexts.take().fence().number() > first.fence().number());
    step(20_000, () -> !listener.escalations.isEmpty());
    assertEquals(Escalation.Kind.HANG, listener.escalations.getFirst().kind());
    assertThrows(FatalTaskException.class, tree::await);
    tree.cancel();
    assertEquals(State.FAILED, handle.state());
  }

  @Test
  void position_thatATimerRepeats_isNoProgress_andIdleIsNoHang() throws Exception {
    BlockingQueue<TaskContext> beating = new LinkedBlockingQueue<>();
    Duration soft = Duration.ofMillis(800);
    Duration hard = Duration.ofSeconds(2);
    TaskBody body =
        task -> {
          beating.add(task);
          ignoreInterrupts(new CountDownLatch(1));
        };
    TaskHandle beats = tree.start(Task.named("beats").body(body).hang(soft, hard));
    TaskContext timer = beating.take();
    TaskHandle idles =
        tree.start(
            Task.named("idles")
                .body(task -> {
                  task.idle();
                  beating.add(task);
                  task.stopToken().await();
                })
                .hang(soft, hard));
    beating.take();

    step(
        20_000,
        () -> {
          timer.progress(7); // what a timer does that knows nothing of the work
          return beats.state() == State.STOPPING;
        });

    assertEquals(State.STOPPING, beats.state());
    listener.expect("suspect true");
    step(20_000, () -> false);
    assertEquals(State.RUNNING, idles.state());
    assertEquals(1, idles.attempts());
  }

  @Test
  void hang_ofOneThatDoesNotLeave_isToldOnce_andWaitsForWhoLooksAtIt() throws Exception {
    BlockingQueue<Runnable> looking = new LinkedBlockingQueue<>();
    AtomicInteger hardHangs = new AtomicInteger();
    SupervisionListener looks =
        new SupervisionListener() {
          @Override
          public void hung(String task, int attempt, boolean hard, Duration standing) {
            hardHangs.addAndGet(hard ? 1 : 0);
          }

          @Override
          public void beforeCancel(String task, int attempt, String why, Runnable go) {
            looking.add(go);
          }
        };
    TaskTree looked = new TaskTree(ticks, () -> NOW, new Random(1), looks, false);
    CountDownLatch interrupted = new CountDownLatch(1);
    TaskHandle deaf =
        looked.start(
            Task.named("deaf")
                .body(_ -> ignoreInterrupts(interrupted))
                .hang(Duration.ofMillis(800), Duration.ofMillis(2000))
                .stopWithin(Duration.ofSeconds(5)));
    step(looked, 4000, () -> !looking.isEmpty());
    Runnable go = looking.take();
    step(looked, 2000, () -> false);
    assertEquals(State.RUNNING, deaf.state());

    go.run();
    step(looked, 50, () -> false);
    assertEquals(State.STOPPING, deaf.state());
    step(looked, 5500, () -> false);
    interrupted.await();
    assertEquals(1, hardHangs.get());
    assertEquals(List.of(), List.copyOf(looking));
    released.countDown();
    assertEquals(0, looked.awaitLeft(ticks.nanos() + 60_000_000_000L));
  }

  @Test
  void group_oneForOne_namesItsTasksByPath() throws Exception {
    TaskSupervisor images = tree.group("images", Strategy.ONE_FOR_ONE);
    assertSame(images, tree.group("images", Strategy.ONE_FOR_ONE));
    assertThrows(IllegalArgumentException.class, () -> tree.group("images", Strategy.ONE_FOR_ALL));

    CompletableFuture<String> thread = new CompletableFuture<>();
    images
        .group("small", Strategy.ONE_FOR_ONE)
        .start(
            Task.named("resize")
                .body(task -> {
                  thread.complete(Thread.currentThread().getName());
                  task.stopToken().await();
                }));

    assertEquals("task-images/small/resize-1", thread.get());
    assertEquals("images/small/resize", tree.facts().getFirst().name());
  }

  @Test
  void group_oneForAll_startsItsTasksAgainTogether_andAnOperatorOneByName() throws Exception {
    TaskSupervisor pair = tree.group("pair", Strategy.ONE_FOR_ALL);
    CountDownLatch fail = new CountDownLatch(1);
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    pair.start(
        Task.named("reader")
            .body(task -> {
              seen.add(task.name() + " " + task.attempt());
              task.stopToken().await();
            }));
    assertEquals("pair/reader 1", seen.take());
    pair.start(
        Task.named("writer")
            .body(task -> {
              task.progress(1);
              seen.add(task.name() + " " + task.attempt());
              if (task.attempt() == 1) {
                fail.await();
                throw new IOException("boom");
              }
              task.stopToken().await();
            })
            .backoff(Backoff.none()));
    assertEquals("pair/writer 1", seen.take());

    fail.countDown();
    assertEquals(
        List.of("pair/reader 2", "pair/writer 2"),
        java.util.stream.Stream.of(seen.take(), seen.take()).sorted().toList());

    assertEquals(TaskAnswer.Outcome.DONE, tree.restart("pair/reader").outcome());
    assertEquals("pair/reader 3", seen.take());
    assertEquals(TaskAnswer.Outcome.IMPOSSIBLE, tree.startAgain("pair/reader").outcome());
    assertEquals(TaskAnswer.Outcome.DONE, tree.stop("pair/reader").outcome());
    while (tree.startAgain("pair/reader").outcome() != TaskAnswer.Outcome.DONE) {
      Thread.onSpinWait();
    }
    assertEquals("pair/reader 1", seen.take());
    assertEquals(
        TaskAnswer.unknown("There is no task \"nobody\". The tasks are: pair/writer, pair/reader"),
        tree.restart("nobody"));
  }

  @Test
  void sharedState_restartHolders_cancelsThemTogetherAndGoesOnWithAFreshOne() throws Exception {
    AtomicInteger made = new AtomicInteger();
    Shared<AtomicInteger> shared =
        tree.shared(
            "ledger",
            () -> new AtomicInteger(made.incrementAndGet() * 100),
            OnPoison.RESTART_HOLDERS);
    CountDownLatch reading = new CountDownLatch(2);
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    TaskBody holder =
        task -> {
          seen.add(
              task.name() + " " + task.attempt() + " reads " + shared.read(AtomicInteger::get));
          reading.countDown();
          task.stopToken().await();
        };
    tree.start(Task.named("a").body(holder));
    tree.start(Task.named("b").body(holder));
    reading.await();
    seen.clear();
    TaskHandle stranger = tree.start(Task.named("stranger").body(UNTIL_STOP));
    tree.start(
        Task.named("writer")
            .body(task -> {
              task.progress(1);
              if (task.attempt() == 1) {
                shared.mutate(value -> {
                  value.set(-1);
                  throw new IOException("disk");
                });
              }
              shared.mutate(AtomicInteger::incrementAndGet);
              seen.add("writer " + task.attempt());
              task.stopToken().await();
            })
            .backoff(Backoff.none()));

    List<String> after = new java.util.ArrayList<>(List.of(seen.take(), seen.take(), seen.take()));
    after.replaceAll(line -> line.replace("201", "200"));
    java.util.Collections.sort(after);
    assertEquals(List.of("a 2 reads 200", "b 2 reads 200", "writer 2"), after);
    assertEquals(1, stranger.attempts());
    assertEquals(List.of(), listener.escalations);
  }

  /** The state of one life: what is read of it says which. */
  private record Life(int number) {}

  @Test
  void sharedState_ofThreeHolders_thatOnePoisons_cancelsAllWithin100MillisAndIsNotReadAgain()
      throws Exception {
    int rounds = 21;
    AtomicInteger lives = new AtomicInteger();
    AtomicInteger poisoned = new AtomicInteger();
    List<String> oldReads = new CopyOnWriteArrayList<>();
    Shared<Life> shared =
        tree.shared("ledger", () -> new Life(lives.incrementAndGet()), OnPoison.RESTART_HOLDERS);
    BlockingQueue<TaskContext> holding = new LinkedBlockingQueue<>();
    BlockingQueue<Long> cancelledAt = new LinkedBlockingQueue<>();
    AtomicBoolean poison = new AtomicBoolean();
    AtomicLong poisonedAt = new AtomicLong();
    TaskBody holder =
        task -> {
          shared.read(Life::number);
          holding.add(task);
          try {
            while (!task.stopToken().isStopRequested()) {
              LockSupport.parkNanos(1_000); // there may be fewer carriers than readers
              int old = poisoned.get();
              int read = shared.read(Life::number);
              if (read <= old) {
                oldReads.add(task.name() + " read " + read + " after " + old + " was poisoned");
              }
              if (task.name().equals("a") && poison.compareAndSet(true, false)) {
                shared.mutate(life -> {
                  poisoned.set(life.number());
                  poisonedAt.set(System.nanoTime());
                  throw new IOException("half");
                });
              }
            }
          } catch (CorruptionException refused) {
            task.stopToken().await();
          }
          cancelledAt.add(System.nanoTime());
        };
    for (String name : List.of("a", "b", "c")) {
      tree.start(
          Task.named(name).body(holder).backoff(Backoff.none()).budget(100, Duration.ofHours(1)));
    }

    List<Long> millis = new java.util.ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < 3; i++) {
        holding.take();
      }
      poison.set(true);
      long last = 0;
      for (int i = 0; i < 3; i++) {
        last = Math.max(last, cancelledAt.take() - poisonedAt.get());
      }
      millis.add(TimeUnit.NANOSECONDS.toMillis(last));
    }

    assertEquals(List.of(), oldReads);
    // Half of the rounds may fall into what else the machine does.
    assertTrue(millis.stream().sorted().toList().get(rounds / 2) < 100, millis::toString);
    for (int i = 0; i < 3; i++) {
      assertEquals(rounds + 1, holding.take().attempt());
    }
    assertEquals(rounds + 1, lives.get());
    assertEquals(List.of(), listener.escalations);
  }

  @Test
  void start_withRulesThatCantHold_isRefusedWithAllReasons() {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                tree.start(
                    Task.named("odd")
                        .body(UNTIL_STOP)
                        .significant()
                        .budget(1000, Duration.ofMinutes(1))));
    assertEquals(3, String.valueOf(thrown.getMessage()).lines().count(), thrown.getMessage());
    assertEquals(List.of(), tree.facts());
  }

  @Test
  void standing_namesThoseThatStandStill_andSaysWhichOfThemReport() throws Exception {
    CountDownLatch running = new CountDownLatch(3);
    TaskBody says =
        task -> {
          switch (task.name()) {
            case "stands" -> task.progress(7);
            case "idles" -> task.idle();
            default -> {}
          }
          running.countDown();
          task.stopToken().await();
        };
    for (String name : List.of("stands", "idles", "silent")) {
      tree.start(Task.named(name).body(says));
    }
    running.await();
    assertEquals(List.of(), tree.standing(1));
    ticks.move(Duration.ofSeconds(9), tree);

    List<StandingTask> standing = tree.standing(Duration.ofSeconds(9).toNanos());
    assertEquals(
        List.of("stands, reports: true", "silent, reports: false"),
        standing.stream().map(task -> task.task() + ", reports: " + task.reports()).toList());
    assertTrue(tree.owns(standing.getFirst().thread()));
  }

  @Test
  void threads_ofBodies_areVirtualUnlessCpuBound() throws Exception {
    BlockingQueue<Map.Entry<String, Boolean>> seen = new LinkedBlockingQueue<>();
    TaskBody body =
        task -> {
          Thread thread = Thread.currentThread();
          assertTrue(thread.isDaemon());
          seen.add(Map.entry(thread.getName(), thread.isVirtual()));
          task.stopToken().await();
        };
    tree.start(Task.named("io").body(body));
    assertEquals(Map.entry("task-io-1", true), seen.take());
    tree.start(Task.named("sum").body(body).cpuBound());
    assertEquals(Map.entry("task-sum-1", false), seen.take());
  }

  @Test
  void compute_moreTasksThanPermits_waitAndGiveUpAtTheStop() throws Exception {
    int permits = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    CountDownLatch computing = new CountDownLatch(permits);
    for (int i = 0; i < permits; i++) {
      tree.start(
          Task.named("busy-" + i)
              .body(task ->
                  task.compute(() ->
                      // Nested work shares the permit.
                      task.compute(() -> {
                        computing.countDown();
                        released.await();
                        return 1;
                      }))));
    }
    computing.await();
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    tree.start(
        Task.named("waiting")
            .body(task -> {
              try {
                task.compute(() -> 2);
              } catch (Throwable why) {
                thrown.complete(why);
                throw why;
              }
            }));
    while (tree.computeWaiting() == 0) {
      Thread.onSpinWait();
    }

    tree.cancel();

    assertInstanceOf(CancellationException.class, thrown.get());
    released.countDown();
    assertEquals(0, tree.awaitLeft(ticks.nanos() + 60_000_000_000L));
  }

  @Test
  void listenerAndOnStopAction_thatFail_changeNothing() throws Exception {
    SupervisionListener broken =
        new SupervisionListener() {
          @Override
          public void attemptFailed(String task, int attempt, Throwable cause) {
            throw new IllegalStateException("planned");
          }
        };
    TaskTree other = new TaskTree(ticks, () -> NOW, new Random(1), broken, false);
    CountDownLatch second = new CountDownLatch(1);
    other.start(
        Task.named("a")
            .body(task -> {
              if (task.attempt() == 1) {
                throw new IOException("boom");
              }
              task.stopToken()
                  .onStop(() -> {
                    throw new IllegalStateException("planned");
                  });
              second.countDown();
              task.stopToken().await();
            })
            .backoff(Backoff.none()));
    second.await();
    assertEquals(0, other.awaitLeft(ticks.nanos() + 60_000_000_000L));
  }

  @Test
  void limitsOff_taskThatStaysOnItsStop_isNeitherInterruptedNorHung() throws Exception {
    TaskTree debugged = new TaskTree(ticks, () -> NOW, new Random(1), listener, true);
    CountDownLatch running = new CountDownLatch(1);
    TaskHandle handle =
        debugged.start(
            Task.named("debugged")
                .body(_ -> {
                  running.countDown();
                  released.await();
                })
                .hang(Duration.ofMillis(1), Duration.ofMillis(2)));
    running.await();
    ticks.move(Duration.ofHours(1), debugged);
    debugged.cancel();
    ticks.move(Duration.ofHours(1), debugged);
    debugged.cancel();
    assertEquals(State.STOPPING, handle.state());

    released.countDown();
    assertEquals(0, debugged.awaitLeft(ticks.nanos() + 60_000_000_000L));
    listener.expect("ended debugged DONE");
  }

  @Test
  void start_duringTheStop_isRefusedOrEndsWithIt_underManyTasks() throws Exception {
    SystemTime time = new SystemTime();
    for (int round = 0; round < 20; round++) {
      TaskTree busy = new TaskTree(time, time, new Random(round), listener, false);
      AtomicInteger running = new AtomicInteger();
      BlockingQueue<TaskHandle> handles = new LinkedBlockingQueue<>();
      CountDownLatch halfway = new CountDownLatch(1);
      Thread starter =
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; ; i++) {
                  try {
                    handles.add(busy.start(unstable("task-" + i, running)));
                  } catch (IllegalStateException refused) {
                    return;
                  }
                  if (i == 50) {
                    halfway.countDown();
                  }
                }
              });
      halfway.await();

      assertEquals(0, busy.awaitLeft(time.nanos() + 30_000_000_000L));

      starter.join();
      assertEquals(0, running.get());
      for (TaskHandle handle : handles) {
        while (handle.state() != State.DONE) {
          Thread.onSpinWait();
        }
      }
      assertEquals(List.of(), listener.escalations);
    }
  }

  /** A task whose attempts fail, return or wait for the stop, in turn. */
  private static Task unstable(String name, AtomicInteger running) {
    return Task.named(name)
        .body(task -> {
          running.incrementAndGet();
          try {
            switch (task.attempt() % 3) {
              case 1 -> task.compute(() -> task.stopToken().await(Duration.ofNanos(1)));
              case 2 -> task.progress(task.attempt());
              default -> task.stopToken().await();
            }
          } finally {
            running.decrementAndGet();
          }
        })
        .backoff(Backoff.none());
  }

  private void step(int millis, java.util.function.BooleanSupplier until)
      throws InterruptedException {
    step(tree, millis, until);
  }

  private void step(TaskTree stepped, int millis, java.util.function.BooleanSupplier until)
      throws InterruptedException {
    for (int at = 0; at < millis && !until.getAsBoolean(); at += 50) {
      CountDownLatch looked = new CountDownLatch(1);
      ticks.move(Duration.ofMillis(50), stepped);
      stepped.afterMessages(looked::countDown);
      looked.await();
    }
  }

  private void ignoreInterrupts(CountDownLatch interrupted) {
    while (true) {
      try {
        released.await();
        return;
      } catch (InterruptedException _) {
        interrupted.countDown();
      }
    }
  }
}
