package io.rolehost.node.machine;

import io.rolehost.api.Backoff;
import java.time.Duration;
import java.util.Set;

/**
 * The numbers and the kind of program that decide what follows an end.
 *
 * @param roleHost whether the exit codes have the meaning that a role host gives them; of any other
 *     program every end is followed by a new start
 * @param stableWindow how long after its first READY an incarnation must live for the failures
 *     before it to be forgotten (Kubernetes forgets after 10 min too)
 * @param betweenStarts the least time from one start to the next that was asked for
 * @param firstRetry the first retry comes at a random moment within this time, which is only there
 *     so that instances that died together are not all started in the same instant: what crashes
 *     once a month is to be back at once
 * @param backoff the pause before the second retry and those after it
 * @param exemptCodes exit codes that are no failure: the next start has no back-off
 */
public record Rules(
    boolean roleHost,
    Duration stableWindow,
    Duration betweenStarts,
    Duration firstRetry,
    Backoff backoff,
    Set<Integer> exemptCodes) {

  /** Takes a copy of the set. */
  public Rules {
    exemptCodes = Set.copyOf(exemptCodes);
  }

  /** The rules unless set otherwise. */
  public static Rules standard(boolean roleHost) {
    return new Rules(
        roleHost,
        Duration.ofMinutes(10),
        Duration.ofSeconds(1),
        Duration.ofMillis(20),
        new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(300), 2, 0.25),
        Set.of());
  }

  /**
   * Returns the pause after the {@code failures}-th failure in a row.
   *
   * @param failures 1 or more
   * @param random from 0 up to, not including, 1
   */
  public Duration pause(int failures, double random) {
    return failures == 1
        ? Duration.ofNanos((long) (firstRetry.toNanos() * random))
        : backoff.delay(failures - 1, random);
  }
}
