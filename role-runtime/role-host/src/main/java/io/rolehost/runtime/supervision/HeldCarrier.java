package io.rolehost.runtime.supervision;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * A body on a virtual thread that has not given its carrier back for some time.
 *
 * @param body whose it is, and where it is
 * @param carrier the name of the platform thread
 * @param held how long it has been seen on it without a break
 * @param cpuPercent how much of that time the carrier computed; empty if nobody counts
 * @param starving whether all carriers were held, so that no other virtual thread got on
 */
public record HeldCarrier(
    StalledBody body, String carrier, Duration held, OptionalInt cpuPercent, boolean starving) {

  /** Below this it does not compute, but is blocked in a way that keeps the carrier. */
  static final int SPINS_PERCENT = 20;

  /** Returns one sentence without a full stop. */
  public String summary() {
    return "%s has kept carrier %s for %s without a pause%s%s"
        .formatted(
            body.who(),
            carrier,
            RestartPolicy.text(held),
            cpuPercent.isPresent() ? " (CPU " + cpuPercent.getAsInt() + " %)" : "",
            starving ? "; all carriers are held, so that no other virtual thread got on" : "");
  }

  /** Returns the summary with the stack and what to do, in several lines. */
  String text() {
    boolean spins = cpuPercent.isEmpty() || cpuPercent.getAsInt() >= SPINS_PERCENT;
    String advice =
        spins
            ? "What computes for long belongs into task.compute(…), or make the task cpuBound()"
            : "What blocks in native code or in a class initializer belongs on a thread of its own:"
                + " make the task cpuBound()";
    String text = summary();
    return Character.toUpperCase(text.charAt(0))
        + text.substring(1)
        + ". "
        + advice
        + ". It is at"
        + body.stackText();
  }
}
