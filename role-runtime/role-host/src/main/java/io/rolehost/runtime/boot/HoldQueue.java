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
 * Has the instance drain for a freeze with hold when it is its turn; it works until then. What a
 * turn is, {@link HoldTurn} says.
 */
final class HoldQueue {

  private static final System.Logger LOG = System.getLogger(HoldQueue.class.getName());

  /** From an end to the next start's first check; a JVM and a supervisor's pause fit twice. */
  private static final Duration COME_BACK = Duration.ofSeconds(10);

  /** Beyond the hard cap of a stop the process is halted, which takes a dump. */
  private static final Duration AFTER_HARD_CAP = Duration.ofSeconds(15);

  /** A lock has no queue to wait in. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final SystemTime time;
  private final HostLoop loop;
  private final TurnFile file;
  private final HoldTurn.Limits limits;
  private @Nullable String wanted;
  private @Nullable HoldTurn turn;
  private boolean asked;
  private volatile String why = "";

  /**
   * @param hardCap of a stop; what shares the state directory is taken to have the same
   * @param childOfNode whether a node keeps a frozen instance from starting: then none comes back
   */
  HoldQueue(SystemTime time, HostLoop loop, TurnFile file, Duration hardCap, boolean childOfNode) {
    this.time = time;
    this.loop = loop;
    this.file = file;
    this.limits =
        new HoldTurn.Limits(
            hardCap.plus(AFTER_HARD_CAP).plus(COME_BACK), childOfNode ? Duration.ZERO : COME_BACK);
  }

  /** A freeze with hold covers the instance. */
  synchronized void want(String by) {
    wanted = by;
    look();
  }

  /** None does any more; a stop that was asked for can't be taken back. */
  synchronized void dropOut() {
    wanted = null;
    if (!asked) {
      turn = null;
      why = "";
      file.giveBack();
    }
  }

  /** Returns on whom the instance waits before it drains; empty if it does not wait. */
  Optional<String> waitsFor() {
    return why.isEmpty() ? Optional.empty() : Optional.of(why);
  }

  /** The instance has stopped; the turn itself ends with the process. */
  synchronized void left() {
    if (asked) {
      file.note(time.instant());
    }
  }

  private synchronized void look() {
    String by = wanted;
    if (by == null || asked) {
      return;
    }
    HoldTurn.Sight sight = file.look();
    long nanos = time.nanos();
    HoldTurn seen = turn == null ? HoldTurn.first(sight, nanos) : turn.seeing(sight, nanos);
    turn = seen;
    switch (seen.decide(nanos, time.instant(), limits)) {
      case HoldTurn.Decision.Go(String without) -> {
        if (!without.isEmpty()) {
          LOG.log(WARNING, "Drains for the freeze though it is not its turn: {0}", without);
        }
        asked = true;
        why = "";
        file.note(time.instant());
        loop.post(new HostEvent.StopAsked(StopCause.freezeHold(by)));
      }
      case HoldTurn.Decision.Wait(String on) -> {
        if (why.isEmpty()) {
          LOG.log(INFO, "Works on until it is its turn to be held: {0}", on);
        }
        why = on;
        loop.wake(() ->
            loop.alarm(
                this,
                time.nanos() + LOOK_AGAIN.toNanos(),
                () -> HostThread.start("hold", this::look)));
      }
    }
  }
}
