package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.WARNING;

import io.rolehost.runtime.lifecycle.HostState;
import io.rolehost.runtime.process.SystemdNotify;
import io.rolehost.runtime.process.Ticks;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells systemd how the host is: READY=1 once the start-up is over, also when a freeze holds it
 * (else the start limit would make a restart loop of the freeze), STATUS=, STOPPING=1, more time
 * for a long start or stop, and the watchdog. Does nothing where nobody listens.
 */
final class Announcer {

  private static final System.Logger LOG = System.getLogger(Announcer.class.getName());
  private static final long MICROS = 1_000;
  private static final Duration STILL_STARTING_EVERY = Duration.ofSeconds(10);

  private final SystemdNotify systemd;
  private final HostLoop loop;
  private final Ticks ticks;
  private boolean ready;
  private boolean complained;

  Announcer(SystemdNotify systemd, HostLoop loop, Ticks ticks) {
    this.systemd = systemd;
    this.loop = loop;
    this.ticks = ticks;
  }

  /** Starts the watchdog's signs of life, from the host thread: a stuck host gives none. */
  void begin() {
    if (systemd.active()) {
      systemd.watchdogInterval().ifPresent(this::watchdog);
      stillStarting();
    }
  }

  /** The limit of a start is {@code rolehost.start.timeout}, not systemd's own. */
  private void stillStarting() {
    if (!ready) {
      send("EXTEND_TIMEOUT_USEC=" + 3 * STILL_STARTING_EVERY.toNanos() / MICROS);
      loop.alarm("starting", ticks.nanos() + STILL_STARTING_EVERY.toNanos(), this::stillStarting);
    }
  }

  private void watchdog(Duration interval) {
    send("WATCHDOG=1");
    // Half the interval, as sd_watchdog_enabled(3) advises.
    loop.alarm(this, ticks.nanos() + interval.toNanos() / 2, () -> watchdog(interval));
  }

  /** The state changed. */
  void entered(HostState state, boolean startupDone, String status) {
    if (!systemd.active()) {
      return;
    }
    if (startupDone && !ready) {
      ready = true;
      send("READY=1\nSTATUS=" + status);
    } else {
      send("STATUS=" + status);
    }
    switch (state) {
      case HostState.Draining(var stop) -> stopping(stop);
      case HostState.Stopping(var stop, _) -> stopping(stop);
      case HostState.Booting _,
          HostState.Gate _,
          HostState.Preparing _,
          HostState.Starting _,
          HostState.StartingApplication _,
          HostState.Running _,
          HostState.Killing _,
          HostState.Ended _ -> {}
    }
  }

  private void stopping(HostState.Stop stop) {
    long left = Math.max(1, stop.ledger().deadline() - ticks.nanos());
    send("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + left / MICROS);
  }

  private void send(String state) {
    Optional<String> problem = systemd.send(state);
    if (problem.isPresent() && !complained) {
      complained = true;
      LOG.log(WARNING, "systemd can not be told: " + problem.get());
    }
  }
}
