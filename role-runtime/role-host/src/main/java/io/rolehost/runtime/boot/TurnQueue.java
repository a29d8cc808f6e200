package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.rolehost.runtime.lifecycle.HoldTurn;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.StopCause;
import io.rolehost.runtime.process.SystemTime;
import io.rolehost.runtime.process.TurnFile;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Has the instance drain for a freeze with hold, or recycle for a changed configuration, when it is
 * its turn; it works until then. What a turn is, {@link HoldTurn} says.
 */
final class TurnQueue {

  private static final System.Logger LOG = System.getLogger(TurnQueue.class.getName());

  /** From an end to the next start's first check; a JVM and a supervisor's pause fit twice. */
  private static final Duration COME_BACK = Duration.ofSeconds(10);

  /** Beyond the hard cap of a stop the process is halted, which takes a dump. */
  private static final Duration AFTER_HARD_CAP = Duration.ofSeconds(15);

  /**
   * How long a recycle waits for one that has recycled before it to be ready again: who does not
   * come back with the new configuration must not take the others along.
   */
  private static final Duration READY_AGAIN = Duration.ofHours(1);

  /** A lock has no queue to wait in. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final SystemTime time;
  private final HostLoop loop;
  private final TurnFile file;
  private final HoldTurn.Limits forHold;
  private final HoldTurn.Limits forRecycle;
  private @Nullable String hold;
  private @Nullable String recycle;
  private @Nullable HoldTurn turn;
  private boolean asked;
  private boolean leftToRecycle;
  private volatile String why = "";
  private volatile boolean waitsToRecycle;

  /**
   * @param hardCap of a stop; what shares the state directory is taken to have the same
   * @param childOfNode whether a node keeps a frozen instance from starting: then none comes back
   */
  TurnQueue(SystemTime time, HostLoop loop, TurnFile file, Duration hardCap, boolean childOfNode) {
    this.time = time;
    this.loop = loop;
    this.file = file;
    Duration comeBack = childOfNode ? Duration.ZERO : COME_BACK;
    this.forHold =
        new HoldTurn.Limits(hardCap.plus(AFTER_HARD_CAP).plus(COME_BACK), comeBack, COME_BACK);
    this.forRecycle = new HoldTurn.Limits(READY_AGAIN, comeBack, READY_AGAIN);
  }

  /** A freeze with hold covers the instance. */
  synchronized void wantHold(String by) {
    hold = by;
    look();
  }

  /** None does any more; a stop that was asked for can't be taken back. */
  synchronized void noHold() {
    hold = null;
    dropOut();
  }

  /** A changed configuration needs a new start. */
  synchronized void wantRecycle(String changed) {
    recycle = changed;
    look();
  }

  /** The configuration changed again, and needs none any more. */
  synchronized void noRecycle() {
    recycle = null;
    dropOut();
  }

  private void dropOut() {
    if (!asked && hold == null && recycle == null) {
      turn = null;
      why = "";
      file.giveBack();
    }
  }

  /** Returns on whom the instance waits before it drains to be held; empty if it does not. */
  Optional<String> waitsForHold() {
    String on = why;
    return on.isEmpty() || waitsToRecycle ? Optional.empty() : Optional.of(on);
  }

  /** Returns on whom the instance waits before it recycles; empty if it does not. */
  Optional<String> waitsToRecycle() {
    String on = why;
    return on.isEmpty() || !waitsToRecycle ? Optional.empty() : Optional.of(on);
  }

  /** The instance has stopped; the turn itself ends with the process. */
  synchronized void left() {
    if (asked) {
      file.note(time.instant(), leftToRecycle);
    }
  }

  private synchronized void look() {
    String holdBy = hold;
    String changed = recycle;
    if (asked || (holdBy == null && changed == null)) {
      return;
    }
    boolean recycles = holdBy == null;
    waitsToRecycle = recycles;
    HoldTurn.Sight sight = file.look();
    long nanos = time.nanos();
    HoldTurn seen = turn == null ? HoldTurn.first(sight, nanos) : turn.seeing(sight, nanos);
    turn = seen;
    switch (seen.decide(nanos, time.instant(), recycles ? forRecycle : forHold)) {
      case HoldTurn.Decision.Go(String without) -> {
        if (!without.isEmpty()) {
          LOG.log(WARNING, "Drains though it is not its turn: {0}", without);
        }
        asked = true;
        why = "";
        leftToRecycle = recycles;
        file.note(time.instant(), recycles);
        loop.post(
            new HostEvent.StopAsked(
                recycles
                    ? StopCause.configChanged(String.valueOf(changed))
                    : StopCause.freezeHold(String.valueOf(holdBy))));
      }
      case HoldTurn.Decision.Wait(String on) -> {
        if (why.isEmpty()) {
          LOG.log(
              INFO,
              recycles
                  ? "Works on by the old configuration until it is its turn to recycle: {0}"
                  : "Works on until it is its turn to be held: {0}",
              on);
        }
        why = on;
        loop.wake(() ->
            loop.alarm(
                this,
                time.nanos() + LOOK_AGAIN.toNanos(),
                () -> HostThread.start("turn", this::look)));
      }
    }
  }
}
