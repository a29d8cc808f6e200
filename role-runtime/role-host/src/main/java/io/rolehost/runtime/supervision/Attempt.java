package io.rolehost.runtime.supervision;

import io.rolehost.api.Fence;
import io.rolehost.api.StaleFenceException;
import io.rolehost.api.StopToken;
import io.rolehost.api.TaskContext;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One attempt of a task: what its body is given, and what the tree knows of it. */
final class Attempt implements TaskContext, Fence {

  final SupervisedTask task;
  final int number;
  final long fenceNumber;
  final long startedAt;
  final CancelToken token = new CancelToken();
  final ProgressWatch progress;
  private final ComputePermits permits;
  private volatile boolean current = true;

  // Of the supervisor's thread alone.
  @Nullable Thread thread;
  boolean interrupted;
  @Nullable TimeoutException hung;

  Attempt(SupervisedTask task, int number, long fenceNumber, long now, ComputePermits permits) {
    this.task = task;
    this.number = number;
    this.fenceNumber = fenceNumber;
    this.startedAt = now;
    this.progress = new ProgressWatch(now);
    this.permits = permits;
  }

  @Override
  public String name() {
    return task.name();
  }

  @Override
  public int attempt() {
    return number;
  }

  @Override
  public StopToken stopToken() {
    return token;
  }

  @Override
  public void progress(long position) {
    progress.progress(position);
  }

  @Override
  public void idle() {
    progress.idle();
  }

  @Override
  public <T> T compute(Callable<T> work) throws Exception {
    return permits.compute(task.name(), token, work);
  }

  @Override
  public Fence fence() {
    return this;
  }

  @Override
  public void check() {
    if (!current) {
      throw new StaleFenceException(
          ("Attempt %d of task \"%s\" is not current any more: it ended or was abandoned, and"
                  + " another one may have its place. What it was about to write was refused.")
              .formatted(number, task.name()));
    }
  }

  @Override
  public boolean isCurrent() {
    return current;
  }

  @Override
  public long number() {
    return fenceNumber;
  }

  /** Raises the fence: the attempt has no say any more. */
  void retire() {
    current = false;
  }
}
