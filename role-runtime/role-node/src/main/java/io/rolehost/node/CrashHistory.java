package io.rolehost.node;

import io.rolehost.freeze.CrashLoop;
import io.rolehost.freeze.CrashLoop.Past;
import io.rolehost.freeze.CrashLoop.Trial;
import io.rolehost.freeze.Freeze;
import io.rolehost.node.machine.InstanceLife;
import io.rolehost.node.machine.InstanceState;
import io.rolehost.node.solution.NodeSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The ends of one instance that a node saw, for the verdict of a crash loop; it is gone with the
 * node. Used by the node's thread alone.
 */
final class CrashHistory {
  private final NodeSettings.AutoFreeze settings;
  private final List<Past> past = new ArrayList<>();
  private Instant startedAt = Instant.EPOCH;
  private Trial trial = Trial.NONE;
  private @Nullable Freeze frozenBy;

  CrashHistory(NodeSettings.AutoFreeze settings) {
    this.settings = settings;
  }

  /** A process was started, which no freeze kept from it. */
  void started(Instant now) {
    startedAt = now;
    Freeze before = frozenBy;
    trial = before == null ? Trial.NONE : before.endedAt(now) ? Trial.ONE_TRY : Trial.LIFTED;
    frozenBy = null;
  }

  /** An automatic freeze was stored; the next start is no earlier than its end. */
  void froze(Freeze freeze) {
    frozenBy = freeze;
  }

  /**
   * Takes note of an end that nobody had asked for.
   *
   * @param life as it was before the end
   * @param nanos the monotonic time
   * @return the crash loop, if it is one and the settings want to know
   */
  Optional<CrashLoop.Verdict> ended(InstanceLife life, int code, Instant now, long nanos) {
    Optional<Duration> readyFor =
        life.state() instanceof InstanceState.Up(_, long firstReady, _)
            ? Optional.of(Duration.ofNanos(nanos - firstReady))
            : Optional.empty();
    past.add(
        new Past(
            startedAt, Optional.of(now), readyFor, OptionalInt.of(code), "", true, "", "", trial));
    CrashLoop.Limits limits = settings.limits();
    // Clean ends do not count, and lie between those that do.
    if (past.size() > 2 * Math.max(limits.ends(), limits.neverStarted())) {
      past.removeFirst();
    }
    return settings.enabled() ? CrashLoop.judge(past, "", "", limits) : Optional.empty();
  }
}
