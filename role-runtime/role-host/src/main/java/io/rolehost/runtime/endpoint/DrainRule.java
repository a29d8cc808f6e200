package io.rolehost.runtime.endpoint;

import io.rolehost.runtime.config.HostSettings;
import java.time.Duration;

/**
 * When a drain is over: not before {@code min}; then as soon as nothing is in flight and nothing
 * came for {@code quiet}; at {@code cap} whatever happens. Pure, so that a caller chooses clock and
 * thread. The cap wins over the minimum.
 */
public final class DrainRule {

  /** How often an in-flight count is read again: the most that a drain lasts too long. */
  private static final long POLL_NANOS = Duration.ofMillis(20).toNanos();

  private final long min;
  private final long quiet;
  private final long cap;

  private DrainRule(HostSettings.Drain drain) {
    min = drain.min().toNanos();
    quiet = drain.quiet().toNanos();
    cap = drain.cap().toNanos();
  }

  /** The rule with the figures of {@code rolehost.stop.drain}. */
  public static DrainRule of(HostSettings.Drain drain) {
    return new DrainRule(drain);
  }

  /** What follows from the figures of a moment. */
  public sealed interface Decision {}

  /** The drain is over. */
  public record Done() implements Decision {}

  /**
   * Ask again then.
   *
   * @param nanos a reading of the same clock as {@code now}, later than it
   */
  public record WaitUntil(long nanos) implements Decision {}

  /**
   * Decides by the figures of this moment.
   *
   * @param now a monotonic reading, in nanoseconds
   * @param startedAt when the drain began, by the same clock
   * @param inFlight requests being served now
   * @param sinceLastRequest nanoseconds since the last request came
   */
  public Decision decide(long now, long startedAt, int inFlight, long sinceLastRequest) {
    long elapsed = now - startedAt;
    if (elapsed >= cap) {
      return new Done();
    }
    long wait = Math.max(min - elapsed, quiet - sinceLastRequest);
    if (inFlight > 0) {
      wait = Math.max(wait, POLL_NANOS);
    }
    return wait <= 0 ? new Done() : new WaitUntil(now + Math.min(wait, cap - elapsed));
  }
}
