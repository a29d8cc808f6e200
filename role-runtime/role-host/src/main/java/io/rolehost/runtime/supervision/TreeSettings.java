package io.rolehost.runtime.supervision;

import io.rolehost.runtime.process.Ticks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a tree of tasks is given from outside.
 *
 * @param ticks drives back-offs and limits
 * @param clock for what people read
 * @param jitter varies the back-offs
 * @param limitsOff true under a debugger: no start, hang and stop limits
 * @param stopShare how much of a stop tasks can have; empty where it is not known
 * @param gates what the waits of stop tokens wait at; empty for the time of the machine
 */
public record TreeSettings(
    Ticks ticks,
    InstantSource clock,
    Jitter jitter,
    boolean limitsOff,
    Optional<Duration> stopShare,
    Optional<Supplier<Gate>> gates) {

  /** In the time of the machine, with all limits. */
  public static TreeSettings of(Ticks ticks, InstantSource clock, Jitter jitter) {
    return new TreeSettings(ticks, clock, jitter, false, Optional.empty(), Optional.empty());
  }

  /** Without limits, as under a debugger. */
  public TreeSettings limitsOff(boolean off) {
    return new TreeSettings(ticks, clock, jitter, off, stopShare, gates);
  }

  /** With so much of a stop for tasks. */
  public TreeSettings stopShare(Duration share) {
    return new TreeSettings(ticks, clock, jitter, limitsOff, Optional.of(share), gates);
  }

  /** In a time that waits at these gates. */
  public TreeSettings gates(Supplier<Gate> made) {
    return new TreeSettings(ticks, clock, jitter, limitsOff, stopShare, Optional.of(made));
  }
}
