package io.rolehost.runtime.boot;

import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.HostState;
import io.rolehost.runtime.lifecycle.StopStep;
import io.rolehost.runtime.process.Ticks;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Journals what a stop takes its time for: each of its steps with how long it took, and when {@code
 * run} and the tasks have left. For the host's thread.
 */
final class StopSpans {
  static final String TYPE = "step";
  static final String STEP = "step";
  static final String MILLIS = "millis";

  private final Ticks ticks;
  private final BiConsumer<String, Duration> figures;
  private final Recorder recorder;
  private long since;

  /** Takes what is to be journaled. */
  @FunctionalInterface
  interface Recorder {
    void record(String type, String cause, Map<String, Object> detail);
  }

  /**
   * Has nothing to tell yet.
   *
   * @param figures takes how long each step took
   */
  StopSpans(Ticks ticks, BiConsumer<String, Duration> figures, Recorder recorder) {
    this.ticks = ticks;
    this.figures = figures;
    this.recorder = recorder;
  }

  /** The host is in another state, or in another step of its stop. */
  void entered(HostState from, HostState to, HostEvent cause) {
    Optional<HostState.Stop> stop = to.stopUnderWay();
    if (stop.isEmpty()) {
      return;
    }
    long now = ticks.nanos();
    // Until they are told to leave, they have the time since the stop began.
    Duration leaving = Duration.ofNanos(now - stop.get().cancelledAt());
    if (cause instanceof HostEvent.RunReturned || cause instanceof HostEvent.RunFailed) {
      record("run", "run has ended", leaving);
    } else if (cause instanceof HostEvent.TasksLeft(int abandoned) && abandoned == 0) {
      record("tasks", "all tasks have left", leaving);
    }
    if (from instanceof HostState.Draining && !(to instanceof HostState.Draining)) {
      figures.accept("DRAIN", Duration.ofNanos(now - stop.get().ledger().asked()));
    }
    Optional<StopStep> before = step(from);
    if (before.equals(step(to))) {
      return;
    }
    before
        .filter(step -> step != StopStep.LEAVE) // the end of that is the end of the journal
        .ifPresent(step -> record(step.name(), words(step), Duration.ofNanos(now - since)));
    since = now;
  }

  private static Optional<StopStep> step(HostState state) {
    return state instanceof HostState.Stopping(_, var step) ? Optional.of(step) : Optional.empty();
  }

  private void record(String step, String cause, Duration took) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put(STEP, step);
    detail.put(MILLIS, took.toMillis());
    recorder.record(TYPE, cause, detail);
    figures.accept(step, took);
  }

  /** One of what the role gave to {@code closeOnStop} was closed. */
  static void closed(Recorder recorder, String resource, Duration took) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put(STEP, "close");
    detail.put("resource", resource);
    detail.put(MILLIS, took.toMillis());
    recorder.record(TYPE, "close() of " + resource + " has ended", detail);
  }

  private static String words(StopStep step) {
    return switch (step) {
      case STARTUP_TASKS -> "the startup programs have ended";
      case START -> "the start was given up";
      case LISTENERS -> "the listeners are closed, no request is under way";
      case APPLICATION_END -> "onApplicationEnd has ended";
      case ON_STOP -> "onStop has ended";
      case WORK -> "run and all tasks have left";
      case FOREGROUND -> "the foreground programs have ended";
      case RESOURCES -> "all that closeOnStop held is closed";
      case LEAVE -> "left";
    };
  }
}
