package io.rolehost.runtime.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * Speaks to systemd as {@code sd_notify(3)} does. Without {@code NOTIFY_SOCKET} it does nothing and
 * loads nothing. Safe for all threads; nothing here throws. The first message takes up to half a
 * second, as the way to the socket is made by then, and any waits at most a second for a full one.
 */
public final class SystemdNotify {

  private final String address;
  private final Optional<Duration> watchdog;

  private SystemdNotify(String address, Optional<Duration> watchdog) {
    this.address = address;
    this.watchdog = watchdog;
  }

  /** Reads {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC} and {@code WATCHDOG_PID}. */
  public static SystemdNotify of(Map<String, String> environment) {
    return of(environment, ProcessHandle.current().pid());
  }

  static SystemdNotify of(Map<String, String> environment, long ownPid) {
    String address = environment.getOrDefault("NOTIFY_SOCKET", "");
    String pid = environment.getOrDefault("WATCHDOG_PID", "");
    boolean ours = pid.isEmpty() || pid.equals(Long.toString(ownPid));
    return new SystemdNotify(
        address,
        address.isEmpty() || !ours
            ? Optional.empty()
            : interval(environment.getOrDefault("WATCHDOG_USEC", "")));
  }

  private static Optional<Duration> interval(String micros) {
    try {
      long value = Long.parseLong(micros);
      return value > 0 ? Optional.of(Duration.of(value, ChronoUnit.MICROS)) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Returns whether there is a service manager to speak to. */
  public boolean active() {
    return !address.isEmpty();
  }

  /**
   * Sends assignments such as {@code READY=1}, one a line.
   *
   * @return why systemd does not have it, as a sentence without a full stop; empty if it has, or if
   *     there is none
   */
  public synchronized Optional<String> send(String state) {
    if (!active()) {
      return Optional.empty();
    }
    try {
      UnixDatagram.send(address, state.getBytes(UTF_8));
      return Optional.empty();
    } catch (IOException | RuntimeException | LinkageError e) {
      return Optional.of(
          "\"" + LogLines.safe(state) + "\" did not reach NOTIFY_SOCKET=" + address + ": " + e);
    }
  }

  /**
   * Returns within which time systemd wants to hear {@code WATCHDOG=1} again: to be sent at half of
   * it. Empty if it does not watch this process.
   */
  public Optional<Duration> watchdogInterval() {
    return watchdog;
  }
}
