package io.rolehost.jobs.files;

import io.rolehost.api.Fence;
import io.rolehost.api.StopToken;
import io.rolehost.api.TaskBody;
import io.rolehost.api.TaskContext;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An attempt at a task that a test begins and ends. */
final class HandTask implements TaskContext, StopToken, AutoCloseable {

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CompletableFuture<Void> stop = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  static HandTask begin(TaskBody body) {
    HandTask task = new HandTask();
    var _ =
        Thread.ofVirtual()
            .start(() -> {
              try {
                body.run(task);
                task.ended.complete(null);
              } catch (Throwable e) {
                task.ended.completeExceptionally(e);
              }
            });
    return task;
  }

  @Override
  public void close() {
    stopped.countDown();
    stop.complete(null);
    var _ = ended.orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Override
  public String name() {
    return "by hand";
  }

  @Override
  public StopToken stopToken() {
    return this;
  }

  @Override
  public void progress(long position) {}

  @Override
  public void idle() {}

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public <T> T compute(Callable<T> work) throws Exception {
    return work.call();
  }

  @Override
  public Fence fence() {
    throw new UnsupportedOperationException();
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
  public boolean await(Duration timeout) throws InterruptedException {
    return stopped.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void onStop(Runnable action) {
    var _ = stop.thenRun(action);
  }
}
