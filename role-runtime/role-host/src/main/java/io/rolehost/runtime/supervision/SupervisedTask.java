package io.rolehost.runtime.supervision;

import io.rolehost.api.Task;
import io.rolehost.api.TaskHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A task under supervision. The supervisor's thread alone changes it; others see the last {@link
 * Snapshot}.
 */
final class SupervisedTask implements TaskHandle {

  final Task task;
  final long sequence;
  private final String name;
  private final TaskTree tree;
  private volatile Snapshot snapshot;

  // Of the supervisor's thread alone.
  History history = History.NONE;
  boolean stopAsked;
  boolean timed;
  long dueAt;

  /** What others see: one consistent value. */
  record Snapshot(
      State state,
      int attempts,
      Instant since,
      Optional<String> lastFailure,
      boolean suspect,
      long restartAt,
      @Nullable Attempt attempt) {

    boolean down() {
      return switch (state) {
        case STARTING, RUNNING -> false;
        case BACKOFF, STOPPING, DONE, FAILED, ABANDONED -> true;
      };
    }

    boolean ended() {
      return switch (state) {
        case STARTING, RUNNING, BACKOFF, STOPPING -> false;
        case DONE, FAILED, ABANDONED -> true;
      };
    }

    Snapshot failed(String text) {
      return new Snapshot(state, attempts, since, Optional.of(text), suspect, restartAt, attempt);
    }

    Snapshot suspect(boolean now) {
      return new Snapshot(state, attempts, since, lastFailure, now, restartAt, attempt);
    }
  }

  SupervisedTask(TaskTree tree, String name, Task task, long sequence, Instant now) {
    this.tree = tree;
    this.name = name;
    this.task = task;
    this.sequence = sequence;
    this.snapshot = new Snapshot(State.STARTING, 0, now, Optional.empty(), false, 0, null);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public State state() {
    return snapshot.state();
  }

  @Override
  public int attempts() {
    return snapshot.attempts();
  }

  @Override
  public void stop() {
    tree.stop(this);
  }

  Snapshot snapshot() {
    return snapshot;
  }

  void show(Snapshot next) {
    snapshot = next;
  }

  TaskFacts facts(long now) {
    Snapshot seen = snapshot;
    @Nullable Attempt attempt = seen.attempt();
    boolean waits = seen.state() == State.BACKOFF;
    return new TaskFacts(
        name,
        seen.state().name(),
        seen.attempts(),
        Math.max(0, seen.attempts() - 1),
        task.isGatingReadiness(),
        seen.down(),
        seen.suspect(),
        seen.since(),
        seen.lastFailure(),
        attempt == null ? OptionalLong.empty() : attempt.progress.position(),
        attempt == null ? 0 : attempt.progress.standingNanos(now),
        waits
            ? Optional.of(Duration.ofNanos(Math.max(0, seen.restartAt() - now)))
            : Optional.empty());
  }

  @Override
  public String toString() {
    return "SupervisedTask[" + name + ", " + snapshot.state() + "]";
  }
}
