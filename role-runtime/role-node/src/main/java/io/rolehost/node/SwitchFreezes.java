package io.rolehost.node;

import io.rolehost.freeze.FileSource;
import io.rolehost.freeze.FlagSource;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeSwitch;
import io.rolehost.freeze.Identity;
import io.rolehost.node.solution.Solution;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The freezes of the state directory's file and of the flag: in the solution, as a system property,
 * or as an environment variable of the node.
 */
final class SwitchFreezes implements Freezes {
  // How far ahead an end is waited for in one go; asked again then, because clocks can be set.
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final String deployment;
  private final FreezeSwitch all;
  private final InstantSource clock;
  private volatile Instant judgedAt;

  private SwitchFreezes(String deployment, FreezeSwitch all, InstantSource clock) {
    this.deployment = deployment;
    this.all = all;
    this.clock = clock;
    this.judgedAt = clock.instant();
  }

  static SwitchFreezes of(Solution solution, InstantSource clock) {
    String deployment = solution.node().deployment();
    return new SwitchFreezes(
        deployment,
        FreezeSwitch.of(
            new Identity(deployment, "", ""),
            List.of(
                new FileSource(solution.node().stateDir().resolve("freeze.conf")),
                new FlagSource(solution.file().orElse(null), null))),
        clock);
  }

  @Override
  public List<String> covering(String role, String instanceId) {
    Instant now = clock.instant();
    List<String> reasons = new ArrayList<>();
    for (Freeze freeze : all.verdict(new Identity(deployment, role, instanceId), now).covering()) {
      reasons.add(freeze.reason() + " by " + freeze.owner());
    }
    judgedAt = now;
    return reasons;
  }

  @Override
  public void put(Freeze freeze) throws IOException {
    all.put(freeze);
  }

  @Override
  public void onChange(Runnable changed) {
    var _ = all.onChange(changed); // ended by close, with the sources
  }

  @Override
  public Duration nextChange() {
    // From the last judgement on: an end that passed since then is a change still to be seen.
    @Nullable Instant earliest = null;
    for (Freeze freeze : all.all()) {
      @Nullable Instant until = freeze.until().orElse(null);
      if (until != null
          && until.isAfter(judgedAt)
          && (earliest == null || until.isBefore(earliest))) {
        earliest = until;
      }
    }
    if (earliest == null) {
      return LONGEST_WAIT;
    }
    Duration wait = Duration.between(clock.instant(), earliest);
    return wait.isNegative()
        ? Duration.ZERO
        : wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
  }

  @Override
  public void close() {
    all.close();
  }
}
