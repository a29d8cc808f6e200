package io.rolehost.runtime.supervision;

import io.rolehost.runtime.supervision.Node.Child;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One task at one moment.
 *
 * @param name with the names of its groups before it: {@code images/resize}
 * @param state as in {@link io.rolehost.api.TaskHandle.State}
 * @param attempt the number of the latest attempt; 0 before the first
 * @param restarts how many attempts followed the first
 * @param gates whether readiness depends on it
 * @param down whether it is not running: waiting for its next attempt, asked to leave, or ended
 * @param suspect whether it stands still past its soft limit
 * @param since when it entered its state
 * @param lastFailure the text of the latest failure
 * @param progress the position it reported last
 * @param nanosSinceProgress how long that position has not changed; 0 if nothing runs or it is idle
 * @param nextRestartIn how long the back-off still takes
 */
public record TaskFacts(
    String name,
    String state,
    int attempt,
    int restarts,
    boolean gates,
    boolean down,
    boolean suspect,
    Instant since,
    Optional<String> lastFailure,
    OptionalLong progress,
    long nanosSinceProgress,
    Optional<Duration> nextRestartIn) {

  static TaskFacts of(Child child, long now, Instant wall) {
    Phase phase = child.phase();
    @Nullable Attempt attempt = phase.isUp() ? child.attempt : null;
    long nextAt = phase.nextAt();
    return new TaskFacts(
        child.name,
        phase.state().name(),
        phase.attempt(),
        Math.max(0, phase.attempt() - 1),
        child.task.isGatingReadiness(),
        phase.isDown(),
        child.suspect,
        wall.minusNanos(Math.max(0, now - phase.since())),
        Optional.ofNullable(child.lastFailure),
        attempt == null ? OptionalLong.empty() : attempt.position(),
        attempt == null ? 0 : attempt.standingNanos(now),
        nextAt == Long.MAX_VALUE
            ? Optional.empty()
            : Optional.of(Duration.ofNanos(Math.max(0, nextAt - now))));
  }

  /** Returns the facts for a status page: plain values, absent ones left out, keys in order. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", name);
    map.put("state", state);
    map.put("attempt", attempt);
    map.put("restarts", restarts);
    map.put("gates", gates);
    map.put("down", down);
    map.put("suspect", suspect);
    map.put("since", since.toString());
    lastFailure.ifPresent(text -> map.put("lastFailure", text));
    progress.ifPresent(position -> {
      map.put("progress", position);
      map.put("secondsSinceProgress", Duration.ofNanos(nanosSinceProgress).toMillis() / 1000.0);
    });
    nextRestartIn.ifPresent(wait -> map.put("nextRestartInSeconds", wait.toMillis() / 1000.0));
    return map;
  }
}
