package io.rolehost.jobs.queue;

import io.rolehost.api.StopToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The token of one attempt. Safe for all threads. */
final class JobToken implements StopToken {

  private static final System.Logger LOG = System.getLogger(JobToken.class.getName());

  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final List<Runnable> actions = new ArrayList<>(0);

  void cancel() {
    List<Runnable> due;
    synchronized (actions) {
      if (cancelled.getCount() == 0) {
        return;
      }
      cancelled.countDown();
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(JobToken::run);
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "What a job registered with its stop token failed", e);
    }
  }

  @Override
  public boolean isStopRequested() {
    return cancelled.getCount() == 0;
  }

  @Override
  public void await() throws InterruptedException {
    cancelled.await();
  }

  @Override
  public boolean await(Duration timeout) throws InterruptedException {
    return cancelled.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
  }

  @Override
  public void onStop(Runnable action) {
    synchronized (actions) {
      if (cancelled.getCount() > 0) {
        actions.add(action);
        return;
      }
    }
    run(action);
  }
}
