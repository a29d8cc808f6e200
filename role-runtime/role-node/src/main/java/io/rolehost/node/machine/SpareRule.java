package io.rolehost.node.machine;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * When an instance has a hot spare: a second process of it that waits before {@code onStart}. Pure.
 *
 * @param settle how long after READY a spare is started: its start takes a processor, which the
 *     instance itself needs first
 * @param retry how long after a spare that failed the next one is started
 */
public record SpareRule(Duration settle, Duration retry) {

  /** The rule unless set otherwise. */
  public static SpareRule standard() {
    return new SpareRule(Duration.ofSeconds(2), Duration.ofMinutes(1));
  }

  /**
   * Returns when one is to be started, in monotonic nanoseconds; empty = not as things are. An
   * instance that does not get READY gets none, so a crash loop makes no spares.
   *
   * @param failed when the last spare failed; empty = none did
   */
  public OptionalLong due(InstanceLife life, OptionalLong failed) {
    if (!(life.state() instanceof InstanceState.Up(boolean ready, long firstReady, _))
        || !ready
        || !life.freezes().isEmpty()) {
      return OptionalLong.empty();
    }
    long settled = firstReady + settle.toNanos();
    long again = failed.isPresent() ? failed.getAsLong() + retry.toNanos() : settled;
    return OptionalLong.of(again - settled > 0 ? again : settled);
  }

  /** Returns whether an instance keeps the spare it has. */
  public boolean keeps(InstanceLife life) {
    return life.freezes().isEmpty()
        && switch (life.state()) {
          case InstanceState.Starting _, InstanceState.Up _, InstanceState.BackingOff _ -> true;
          case InstanceState.Created _,
              InstanceState.Stopping _,
              InstanceState.Frozen _,
              InstanceState.Stopped _,
              InstanceState.Gone _ ->
              false;
        };
  }
}
