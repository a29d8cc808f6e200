package io.rolehost.runtime.supervision;

import io.rolehost.api.Backoff;
import io.rolehost.api.Task;
import io.rolehost.runtime.supervision.Node.Child;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The threads that bodies run on: starts them, and says how they ended. */
final class Bodies {

  private static final System.Logger LOG = System.getLogger(TaskTree.class.getName());

  private final Consumer<Event> mail;
  private final Consumer<Throwable> vmError;
  private final LongSupplier now;
  private final HangWatch hangs;
  private final @Nullable Supplier<Gate> gates;
  private final Left left;
  private final Refused refused;
  private final ComputePermits permits =
      new ComputePermits(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
  private final Set<Attempt> leftBehind = ConcurrentHashMap.newKeySet();

  // Of the machine's owner alone.
  private long fences;

  /** Takes how long an attempt took from its cancel to its end, on its thread. */
  @FunctionalInterface
  interface Left {
    void accept(String task, int attempt, Duration took);
  }

  /** Takes an attempt whose fence refused something for the first time, on the thread it met. */
  @FunctionalInterface
  interface Refused {
    void accept(String task, int attempt);
  }

  /**
   * Creates it.
   *
   * @param mail takes what happens
   * @param vmError takes what happens when there is no memory left to tell it
   * @param now reads the ticks
   * @param gates what tokens wait at; null for the time of the machine
   * @param left is told of each attempt that was asked to leave and has left
   * @param refused is told of each attempt whose fence refused something
   */
  Bodies(
      Consumer<Event> mail,
      Consumer<Throwable> vmError,
      LongSupplier now,
      HangWatch hangs,
      @Nullable Supplier<Gate> gates,
      Left left,
      Refused refused) {
    this.mail = mail;
    this.vmError = vmError;
    this.now = now;
    this.hangs = hangs;
    this.gates = gates;
    this.left = left;
    this.refused = refused;
  }

  /** Does at once what can't wait; called by the owner of the machine, never blocks. */
  void perform(Effect.Quick effect) {
    switch (effect) {
      case Effect.Launch(Child child, int number) -> launch(child, number);
      case Effect.Watch(Child child, int number) -> {
        Attempt attempt = attempt(child, number);
        if (attempt != null) {
          hangs.watch(attempt, child.task.hang().orElseThrow(), now.getAsLong());
        }
      }
      case Effect.Retire(Child child, int number) -> {
        Attempt attempt = attempt(child, number);
        if (attempt != null) {
          attempt.retire();
          hangs.remove(attempt);
          child.attempt = null;
        }
      }
      case Effect.Cancel(Child child, int number) -> {
        Attempt attempt = attempt(child, number);
        if (attempt != null) {
          cancel(attempt);
        }
      }
      case Effect.Renew(Runnable renew) -> renew.run();
    }
  }

  private void cancel(Attempt attempt) {
    attempt.cancelledAt(now.getAsLong());
    List<Runnable> actions = attempt.token.trip();
    if (!actions.isEmpty()) {
      // Actions are user code: one that blocks must not keep the tree from its limits.
      Thread.ofVirtual()
          .name("stop-task-" + attempt.name())
          .start(() -> actions.forEach(CancelToken::runSafely));
    }
    if (permits.isWaitedFor()) {
      // It takes a lock, for which the owner of the machine must not wait.
      Thread.ofVirtual().name("wake-compute").start(permits::wake);
    }
  }

  private void launch(Child child, int number) {
    Attempt attempt = new Attempt(child, number, ++fences, now.getAsLong(), this);
    Thread thread =
        threadFor(child.task)
            .name("task-" + child.name + "-" + number)
            .inheritInheritableThreadLocals(false)
            .unstarted(attempt);
    attempt.thread = thread;
    child.attempt = attempt;
    hangs.add(attempt);
    try {
      thread.start();
    } catch (Throwable refused) {
      mail.accept(new Event.Ended(child, number, AttemptEnd.thrown(refused, 0), refused));
    }
  }

  /**
   * Linux ignores the priority unless the JVM runs with {@code -XX:ThreadPriorityPolicy}; it is a
   * wish, and what relies on it is nothing but the comfort of other threads.
   */
  @SuppressWarnings("ThreadPriorityCheck")
  private static Thread.Builder threadFor(Task task) {
    return task.isCpuBound()
        ? Thread.ofPlatform().daemon().priority(Thread.MIN_PRIORITY)
        : Thread.ofVirtual();
  }

  /** The body of an attempt has ended; called on its thread. */
  void ended(Attempt attempt, @Nullable Throwable failure) {
    leftBehind.remove(attempt);
    try {
      tellLeft(attempt);
      mail.accept(
          new Event.Ended(
              attempt.child,
              attempt.number,
              endOf(attempt.child, failure, attempt.hasReported(), attempt.isAcknowledged()),
              failure));
    } catch (OutOfMemoryError error) {
      vmError.accept(error);
    }
  }

  private void tellLeft(Attempt attempt) {
    OptionalLong cancelled = attempt.cancelled();
    if (cancelled.isPresent()) {
      Duration took = Duration.ofNanos(Math.max(0, now.getAsLong() - cancelled.getAsLong()));
      try {
        left.accept(attempt.name(), attempt.number, took);
      } catch (RuntimeException broken) {
        LOG.log(Level.WARNING, "A listener of the tasks failed", broken);
      }
    }
  }

  /** The fence of an attempt that is over has refused something; called on the thread it met. */
  void refused(Attempt attempt) {
    LOG.log(
        Level.WARNING,
        "Attempt {0} of task \"{1}\" is over, and something behind its fence was refused it",
        attempt.number,
        attempt.name());
    try {
      refused.accept(attempt.name(), attempt.number);
    } catch (RuntimeException broken) {
      LOG.log(Level.WARNING, "A listener of the tasks failed", broken);
    }
  }

  /**
   * Tells what an end means.
   *
   * @param reported whether the attempt reported progress
   * @param acknowledged whether it acknowledged its start
   */
  static AttemptEnd endOf(
      Child child, @Nullable Throwable failure, boolean reported, boolean acknowledged) {
    if (failure == null) {
      return AttemptEnd.returned(0).proven(reported);
    }
    Task task = child.task;
    AttemptEnd end = AttemptEnd.thrown(failure, task).proven(reported);
    boolean telling =
        end.kind() == AttemptEnd.Kind.FAILED
            && (!(reported || child.proven) || isGrowing(task.backoff()));
    if (!telling) {
      return end;
    }
    boolean starting = task.startsWithin().isPresent() && !acknowledged;
    try {
      return end.like(FailurePrint.of(starting, failure));
    } catch (RuntimeException broken) {
      // A failure whose own methods fail is like no other.
      return end;
    }
  }

  /**
   * Stack traces are dear; where the longest pause is no longer than the first, they say nothing.
   */
  private static boolean isGrowing(Backoff backoff) {
    return backoff.cap().compareTo(backoff.initial()) > 0;
  }

  void started(Attempt attempt) {
    if (attempt.child.task.startsWithin().isPresent()) {
      mail.accept(new Event.Started(attempt.child, attempt.number));
    }
  }

  void leftBehind(Attempt attempt) {
    Thread thread = attempt.thread;
    if (thread != null && thread.isAlive()) {
      leftBehind.add(attempt);
    }
  }

  /** Returns whether an attempt that was left behind runs on that thread. */
  boolean isLeftBehind(Thread thread) {
    return leftBehind.stream().anyMatch(attempt -> attempt.thread == thread);
  }

  /** Returns the attempt of that number if it is the latest one. */
  static @Nullable Attempt attempt(Child child, int number) {
    Attempt attempt = child.attempt;
    return attempt != null && attempt.number == number ? attempt : null;
  }

  ComputePermits permits() {
    return permits;
  }

  @Nullable Supplier<Gate> gates() {
    return gates;
  }
}
