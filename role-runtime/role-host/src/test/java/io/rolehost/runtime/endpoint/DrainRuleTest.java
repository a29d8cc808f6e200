package io.rolehost.runtime.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.endpoint.DrainRule.Done;
import io.rolehost.runtime.endpoint.DrainRule.WaitUntil;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DrainRuleTest {

  private static final long MS = 1_000_000;

  private static final DrainRule RULE = rule(1000, 300, 5000);

  private static DrainRule rule(long min, long quiet, long cap) {
    return DrainRule.of(
        new HostSettings.Drain(
            Duration.ofMillis(min), Duration.ofMillis(quiet), Duration.ofMillis(cap)));
  }

  @Test
  void decide_idleBeforeMin_waitsForMin() {
    assertEquals(
        new WaitUntil(7 * MS + 1000 * MS), RULE.decide(107 * MS, 7 * MS, 0, Long.MAX_VALUE));
  }

  @Test
  void decide_requestJustCameAfterMin_waitsForQuiet() {
    assertEquals(new WaitUntil(2200 * MS), RULE.decide(2000 * MS, 0, 0, 100 * MS));
  }

  @Test
  void decide_quietAndNothingInFlightAfterMin_isDone() {
    assertEquals(new Done(), RULE.decide(1000 * MS, 0, 0, 300 * MS));
  }

  @Test
  void decide_inFlightAtCap_isDone() {
    assertEquals(new Done(), RULE.decide(5000 * MS, 0, 3, 0));
  }

  @Test
  void decide_allZero_isDoneAtOnce() {
    assertEquals(new Done(), rule(0, 0, 0).decide(5, 5, 9, 0));
  }

  /** Lives through a drain as a host does: asks when told to, or when something happened. */
  @Test
  void decide_randomTraffic_isDoneNeitherTooEarlyNorTooLate() {
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      long min = random.nextInt(3000);
      long quiet = random.nextInt(1000);
      long cap = random.nextInt(6000);
      DrainRule rule = rule(min, quiet, cap);
      long start = random.nextLong();
      long now = start;
      long last = start - random.nextInt(2000) * MS;
      long busyUntil = start + random.nextInt(2000) * MS;
      String trace = "seed " + seed + " min " + min + " quiet " + quiet + " cap " + cap;
      while (true) {
        int inFlight = now - busyUntil < 0 ? 1 : 0;
        DrainRule.Decision decision = rule.decide(now, start, inFlight, now - last);
        long elapsed = now - start;
        boolean capped = elapsed >= cap * MS;
        boolean calm = elapsed >= min * MS && inFlight == 0 && now - last >= quiet * MS;
        if (decision instanceof WaitUntil(long at)) {
          assertTrue(!capped && !calm, trace);
          assertTrue(at - now > 0 && at - start <= cap * MS, trace);
          now = at;
          if (random.nextInt(4) == 0) { // a request came while it waited
            last = now - random.nextInt(20) * MS / 20;
            busyUntil = now + random.nextInt(200) * MS;
          }
        } else {
          assertTrue(capped || calm, trace);
          break;
        }
      }
    }
  }
}
