package io.rolehost.runtime.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.runtime.process.ThreadDump;
import io.rolehost.runtime.process.Ticks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real threads that really block. */
final class DeadlockFinderTest {

  /** So far apart that no look is left out to save work. */
  private final AtomicLong reading = new AtomicLong();

  private final Ticks ticks = () -> reading.addAndGet(Duration.ofHours(1).toNanos());
  private final DeadlockFinder finder = new DeadlockFinder(ticks, ThreadDump::facts);
  private final List<StandingTask> tasks = new ArrayList<>();

  /** A lock of either kind. */
  private interface Holding {
    void run(Runnable inside);
  }

  /** A monitor's class has a name of its own, to be found in messages. */
  private static final class Account implements Holding {

    @Override
    public void run(Runnable inside) {
      synchronized (this) {
        inside.run();
      }
    }
  }

  private record Locked(Lock lock) implements Holding {

    @Override
    public void run(Runnable inside) {
      try {
        lock.lockInterruptibly();
      } catch (InterruptedException e) {
        return; // the end of the test
      }
      try {
        inside.run();
      } finally {
        lock.unlock();
      }
    }
  }

  @AfterEach
  void free() {
    tasks.forEach(task -> task.thread().interrupt());
  }

  @Test
  void monitors_ofTwoVirtualThreads_areADeadlockAtTheThirdLook() throws Exception {
    circle(true, new Account(), new Account());
    Deadlock found = only(thirdLook());
    assertFalse(found.suspected());
    assertEquals(
        List.of("task \"t0\", attempt 1", "task \"t1\", attempt 1"),
        found.members().stream().map(member -> member.body().who()).toList());
    assertTrue(
        found.members().stream()
            .allMatch(member -> member.waitsFor().startsWith("monitor " + Account.class.getName())),
        found.toString());
    assertTrue(
        found.members().stream()
            .allMatch(member -> member.body().stack().toString().contains("Account.run")),
        found.toString());
    assertEquals(List.of(), finder.look(tasks), "told twice");
    assertEquals(List.of(found), List.copyOf(finder.current()));
  }

  @Test
  void monitors_inACircleOfThree_areAllNamed() throws Exception {
    circle(true, new Account(), new Account(), new Account());
    assertEquals(3, only(thirdLook()).members().size());
  }

  @Test
  void monitors_ofAVirtualAndAPlatformThread_areADeadlock() throws Exception {
    Account first = new Account();
    Account second = new Account();
    CountDownLatch both = new CountDownLatch(2);
    begin(true, both, first, second);
    begin(false, both, second, first);
    awaitBlocked();
    assertEquals(2, only(thirdLook()).members().size());
  }

  @Test
  void locks_inACircle_areSuspectedAndTheirOwnersSeen() throws Exception {
    circle(
        true,
        new Locked(new ReentrantLock()),
        new Locked(new ReentrantReadWriteLock().writeLock()));
    Deadlock found = only(thirdLook());
    assertTrue(found.suspected());
    assertTrue(
        found
            .summary()
            .startsWith(
                "suspected deadlock: task \"t0\", attempt 1 waits for lock"
                    + " java.util.concurrent.locks.ReentrantReadWriteLock$NonfairSync@"),
        found.summary());
  }

  @Test
  void lockAndMonitor_inACircle_areSuspected() throws Exception {
    circle(true, new Account(), new Locked(new ReentrantLock()));
    assertTrue(only(thirdLook()).suspected());
  }

  @Test
  void deadlock_thatOneLeft_isNotCurrentAnyMore() throws Exception {
    circle(true, new Locked(new ReentrantLock()), new Locked(new ReentrantLock()));
    assertEquals(1, thirdLook().size());
    for (StandingTask task : tasks) {
      task.thread().interrupt();
      task.thread().join();
    }
    assertEquals(List.of(), finder.look(tasks));
    assertEquals(List.of(), List.copyOf(finder.current()));
  }

  @Test
  void queue_behindOneWhoSleepsInsideItsLock_isNoDeadlock() throws Exception {
    Account account = new Account();
    ReentrantLock lock = new ReentrantLock();
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    start(
        true,
        () ->
            account.run(() ->
                new Locked(lock)
                    .run(() -> {
                      entered.countDown();
                      try {
                        never.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    })));
    entered.await();
    begin(true, new CountDownLatch(0), account);
    begin(true, new CountDownLatch(0), new Locked(lock));
    for (int i = 0; i < 5; i++) {
      assertEquals(List.of(), finder.look(tasks));
    }
  }

  /** The first sees who waits, the second who waits for whom, the third that this stays so. */
  private List<Deadlock> thirdLook() {
    assertEquals(List.of(), finder.look(tasks));
    assertEquals(List.of(), finder.look(tasks));
    return finder.look(tasks);
  }

  private static Deadlock only(List<Deadlock> found) {
    assertEquals(1, found.size(), found.toString());
    return found.getFirst();
  }

  /** Each thread has one and wants the next one's. */
  private void circle(boolean virtual, Holding... circle) throws InterruptedException {
    CountDownLatch all = new CountDownLatch(circle.length);
    for (int i = 0; i < circle.length; i++) {
      begin(virtual, all, circle[i], circle[(i + 1) % circle.length]);
    }
    awaitBlocked();
  }

  private void begin(boolean virtual, CountDownLatch all, Holding first, Holding... then) {
    start(
        virtual,
        () ->
            first.run(() -> {
              all.countDown();
              try {
                all.await();
              } catch (InterruptedException e) {
                return;
              }
              for (Holding next : then) {
                next.run(() -> {});
              }
            }));
  }

  private void start(boolean virtual, Runnable body) {
    String name = "t" + tasks.size();
    Thread thread =
        (virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon()).name(name).unstarted(body);
    tasks.add(new StandingTask(name, 1, thread, Duration.ofSeconds(3).toNanos(), true));
    thread.start();
  }

  private void awaitBlocked() {
    for (StandingTask task : tasks) {
      while (!blocked(task.thread())) {
        Thread.onSpinWait();
      }
    }
  }

  /** The latch of the circle is no lock. What it waits for is read first, that it waits second. */
  private static boolean blocked(Thread thread) {
    Object blocker = LockSupport.getBlocker(thread);
    return switch (thread.getState()) {
      case BLOCKED -> true;
      case WAITING -> blocker != null && !blocker.getClass().getName().contains("CountDownLatch");
      default -> false;
    };
  }
}
