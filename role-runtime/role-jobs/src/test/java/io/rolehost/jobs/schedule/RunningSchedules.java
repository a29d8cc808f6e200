package io.rolehost.jobs.schedule;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.StopToken;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Schedules in a thread of their own, as a supervised task has them. */
final class RunningSchedules {

  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Schedules schedules;
  private final HandToken token = new HandToken();
  private final Thread thread;

  RunningSchedules(Schedules schedules) {
    this.schedules = schedules;
    this.thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                schedules.run(token);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  Schedules schedules() {
    return schedules;
  }

  void stop() throws InterruptedException {
    token.stop();
    assertTrue(thread.join(LONGEST), "the timer does not stop");
  }

  void join() throws InterruptedException {
    thread.join();
  }

  static void eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not come to pass within " + LONGEST);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static final class HandToken implements StopToken {

    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Runnable action = () -> {};

    void stop() {
      stopped.countDown();
      action.run();
    }

    @Override
    public boolean isStopRequested() {
      return stopped.getCount() == 0;
    }

    @Override
    public void await() throws InterruptedException {
      stopped.await();
    }

    @Override
    public boolean await(Duration longest) throws InterruptedException {
      return stopped.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void onStop(Runnable given) {
      action = given;
    }
  }
}
