package io.rolehost.runtime.lifecycle;

import java.time.Duration;
import java.time.Instant;

/**
 * When an instance may drain for a freeze with hold, or recycle for a changed configuration: of
 * those that share a state directory one at a time, the next when the one before it is held, or
 * ready again. A pure value; the shell looks at the turn again and again, tells by {@link #seeing},
 * and asks {@link #decide}.
 *
 * @param sight what was seen last
 * @param since since when it is what is seen, in monotonic nanoseconds
 */
public record HoldTurn(Sight sight, long since) {

  /**
   * How long is waited. After that the instance drains without its turn: a freeze is not to be
   * outlived by one that is stuck, or that nobody starts again.
   *
   * @param stop how long another may take to stop
   * @param comeBack how long it may take from its end to its next start; zero where somebody else
   *     keeps it from starting
   * @param ready how long one that recycles may take from its end to being ready again
   */
  public record Limits(Duration stop, Duration comeBack, Duration ready) {}

  /** A process of an instance. */
  public record Holder(String instance, long incarnation) {
    @Override
    public String toString() {
      return incarnation == 0 ? instance : instance + " (start #" + incarnation + ")";
    }
  }

  /** What is seen of the turn. */
  public sealed interface Sight {

    /** Another process that lives has it. */
    record Taken(Holder by) implements Sight {}

    /**
     * It is ours; the one before has ended and is not seen again.
     *
     * @param at when it left, or took its turn, by the wall clock
     * @param recycles whether it is to be ready again; else it is to be held
     */
    record Left(Holder by, Instant at, boolean recycles) implements Sight {}

    /** It is ours, and nobody is on the way. */
    record Free() implements Sight {}

    /**
     * There is no telling.
     *
     * @param why what failed
     */
    record Unknown(String why) implements Sight {}
  }

  /** What follows. */
  public sealed interface Decision {

    /**
     * Drain now.
     *
     * @param without why it does so though it is not its turn; empty if it is
     */
    record Go(String without) implements Decision {}

    /**
     * Go on working, and look again.
     *
     * @param why on whom it waits
     */
    record Wait(String why) implements Decision {}
  }

  /** Returns the turn as it is seen now. */
  public static HoldTurn first(Sight sight, long nanos) {
    return new HoldTurn(sight, nanos);
  }

  /** Returns this turn, seen again. */
  public HoldTurn seeing(Sight now, long nanos) {
    return now.equals(sight) ? this : new HoldTurn(now, nanos);
  }

  /**
   * Returns whether the instance may drain.
   *
   * @param nanos the monotonic time
   * @param now the same moment by the wall clock, which may have been set
   */
  public Decision decide(long nanos, Instant now, Limits limits) {
    Duration seenFor = Duration.ofNanos(nanos - since);
    return switch (sight) {
      case Sight.Taken(Holder by) ->
          seenFor.compareTo(limits.stop()) < 0
              ? new Decision.Wait(by + " stops")
              : new Decision.Go(by + " has not stopped in " + limits.stop().toSeconds() + " s");
      case Sight.Left(Holder by, Instant at, boolean recycles) -> {
        Duration limit = recycles ? limits.ready() : limits.comeBack();
        // By two clocks: one counts only while we look, the other can be set.
        boolean over =
            seenFor.compareTo(limit) >= 0 || Duration.between(at, now).compareTo(limit) >= 0;
        yield over
            ? new Decision.Go("")
            : new Decision.Wait(
                by + " has stopped and is not " + (recycles ? "ready again" : "back to be held"));
      }
      case Sight.Free() -> new Decision.Go("");
      case Sight.Unknown(String why) -> new Decision.Go(why);
    };
  }
}
