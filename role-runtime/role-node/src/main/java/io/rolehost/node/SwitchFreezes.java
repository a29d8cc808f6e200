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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The freezes of the state directory's file and of the flag: in the solution, as a system property,
 * or as an environment variable of the node.
 */
final class SwitchFreezes implements Freezes {
  // How far ahead an end is waited for in one go; asked again then, because clocks can be set.
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  // A new jar is seen so soon; that costs a look at two small files.
  private static final Duration NEW_BUILD = Duration.ofMillis(500);

  private final FreezeSwitch all;
  private final InstantSource clock;
  private final Map<String, Judged> judged = new ConcurrentHashMap<>(); // by instance

  /** The last judgement of an instance; automatic = by a freeze that a new jar would end. */
  private record Judged(Instant at, boolean automatic) {}

  private SwitchFreezes(FreezeSwitch all, InstantSource clock) {
    this.all = all;
    this.clock = clock;
  }

  static SwitchFreezes of(Solution solution, InstantSource clock) {
    return new SwitchFreezes(
        FreezeSwitch.of(
            new Identity(solution.node().deployment(), "", ""),
            List.of(
                new FileSource(solution.node().stateDir().resolve("freeze.conf")),
                new FlagSource(solution.file().orElse(null), null))),
        clock);
  }

  @Override
  public List<String> covering(Identity who) {
    Instant now = clock.instant();
    List<String> reasons = new ArrayList<>();
    boolean automatic = false;
    for (Freeze freeze : all.verdict(who, now).covering()) {
      reasons.add(freeze.reason() + " by " + freeze.owner());
      automatic |= freeze.auto().isPresent();
    }
    judged.put(who.instanceId(), new Judged(now, automatic));
    return reasons;
  }

  @Override
  public List<Freeze> all() {
    return all.all();
  }

  @Override
  public void put(Freeze freeze) throws IOException {
    all.put(freeze);
  }

  /** Returns the switch itself, for what is told of it. */
  FreezeSwitch freezeSwitch() {
    return all;
  }

  @Override
  public void onChange(Runnable changed) {
    var _ = all.onChange(changed); // ended by close, with the sources
  }

  @Override
  public Duration nextChange() {
    Instant now = clock.instant();
    Duration wait = LONGEST_WAIT;
    for (Judged last : judged.values()) {
      wait = shorter(wait, untilChange(last, now));
    }
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  private Duration untilChange(Judged last, Instant now) {
    if (now.isBefore(last.at())) {
      return Duration.ZERO; // the clock was set back: what had ended may be in force again
    }
    Duration wait = LONGEST_WAIT;
    // From the last judgement on: an end that passed since then is a change still to be seen.
    for (Freeze freeze : all.all()) {
      if (freeze.until().isPresent() && freeze.until().get().isAfter(last.at())) {
        wait = shorter(wait, Duration.between(now, freeze.until().get()));
      }
    }
    return last.automatic()
        ? shorter(wait, NEW_BUILD.minus(Duration.between(last.at(), now)))
        : wait;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  @Override
  public void close() {
    all.close();
  }
}
