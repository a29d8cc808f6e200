package io.rolehost.runtime.supervision;

import io.rolehost.api.Fence;
import io.rolehost.api.StaleFenceException;
import io.rolehost.api.StopToken;
import io.rolehost.api.TaskContext;
import io.rolehost.api.Work;
import io.rolehost.api.WorkObserver;
import io.rolehost.runtime.supervision.Node.Child;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One attempt of a task: what its body is given, its thread, and what the tree knows of it. */
final class Attempt extends ProgressWatch implements TaskContext, Fence, Runnable {

  final Child child;
  final int number;
  final CancelToken token;
  private final long fenceNumber;
  private final Bodies bodies;
  private volatile boolean current = true;
  private volatile boolean acknowledged;
  private boolean refusalTold;

  /** When it was asked to leave, in ticks; 0 if it was not. */
  private volatile long cancelledAt;

  /** Set before it is started. */
  @Nullable Thread thread;

  Attempt(Child child, int number, long fenceNumber, long now, Bodies bodies) {
    super(now);
    this.child = child;
    this.number = number;
    this.fenceNumber = fenceNumber;
    this.token = CancelToken.with(bodies.gates());
    this.bodies = bodies;
  }

  /** The life of the attempt, on its own thread. */
  @Override
  public void run() {
    @Nullable Throwable failure = null;
    WorkObserver.Observed observed = WorkObserver.Observed.NOBODY;
    try {
      observed = WorkObserver.installed().begins(Work.task(child.name, number));
      child.task.body().run(this);
    } catch (Throwable thrown) {
      failure = thrown;
    }
    observed.ended(failure);
    bodies.ended(this, failure);
  }

  @Override
  public String name() {
    return child.name;
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
    write(position);
  }

  @Override
  public void idle() {
    writeIdle();
  }

  @Override
  public void started() {
    if (!acknowledged) {
      acknowledged = true;
      bodies.started(this);
    }
  }

  /** It is asked to leave; only the first time counts. */
  void cancelledAt(long now) {
    if (cancelledAt == 0) {
      cancelledAt = now == 0 ? 1 : now;
    }
  }

  /** Returns when it was asked to leave, in ticks; empty if it was not. */
  OptionalLong cancelled() {
    long at = cancelledAt;
    return at == 0 ? OptionalLong.empty() : OptionalLong.of(at);
  }

  boolean isAcknowledged() {
    return acknowledged;
  }

  @Override
  public <T> T compute(Callable<T> work) throws Exception {
    return bodies.permits().compute(child.name, token, work);
  }

  @Override
  public Fence fence() {
    return this;
  }

  @Override
  public void check() {
    if (!current) {
      if (isFirstRefusal()) {
        bodies.refused(this);
      }
      throw new StaleFenceException(
          ("Attempt %d of task \"%s\" is not current any more: it ended or was abandoned, and"
                  + " another one may have its place. What it was about to write was refused.")
              .formatted(number, child.name));
    }
  }

  /** One that goes on trying must not fill the log. */
  private synchronized boolean isFirstRefusal() {
    boolean first = !refusalTold;
    refusalTold = true;
    return first;
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
