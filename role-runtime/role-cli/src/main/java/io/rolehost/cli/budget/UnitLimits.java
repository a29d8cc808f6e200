package io.rolehost.cli.budget;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a service unit grants its process, with systemd's defaults where it says nothing.
 *
 * @param type such as {@code notify}
 * @param start {@code TimeoutStartSec}; empty = without limit
 * @param stop {@code TimeoutStopSec}; empty = without limit
 * @param watchdog {@code WatchdogSec}; empty = none
 * @param restart such as {@code on-failure}
 * @param restartDelay {@code RestartSec}
 * @param preventedCodes of {@code RestartPreventExitStatus}
 * @param forcedCodes of {@code RestartForceExitStatus}
 * @param successCodes of {@code SuccessExitStatus}, beside 0
 * @param killMode such as {@code mixed}
 * @param startLimitInterval {@code StartLimitIntervalSec}; zero = no start limit
 * @param startLimitBurst {@code StartLimitBurst}
 */
public record UnitLimits(
    String type,
    Optional<Duration> start,
    Optional<Duration> stop,
    Optional<Duration> watchdog,
    String restart,
    Duration restartDelay,
    Set<String> preventedCodes,
    Set<String> forcedCodes,
    Set<String> successCodes,
    String killMode,
    Duration startLimitInterval,
    int startLimitBurst) {

  private static final String SERVICE = "Service";
  private static final String UNIT = "Unit";
  // DefaultTimeoutStartSec= and DefaultTimeoutStopSec= of systemd-system.conf(5).
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(90);

  /** Takes copies of the sets. */
  public UnitLimits {
    preventedCodes = Set.copyOf(preventedCodes);
    forcedCodes = Set.copyOf(forcedCodes);
    successCodes = Set.copyOf(successCodes);
  }

  /**
   * Reads a unit.
   *
   * @throws IllegalArgumentException if a value is none; the message names the key
   */
  public static UnitLimits of(UnitFile unit) {
    String type =
        unit.get(SERVICE, "Type")
            .orElse(unit.get(SERVICE, "ExecStart").isPresent() ? "simple" : "oneshot");
    Optional<Duration> otherwise =
        type.equals("oneshot") ? Optional.empty() : Optional.of(DEFAULT_TIMEOUT);
    return new UnitLimits(
        type,
        timeout(unit, "TimeoutStartSec", otherwise),
        timeout(unit, "TimeoutStopSec", Optional.of(DEFAULT_TIMEOUT)),
        span(unit, SERVICE, "WatchdogSec").filter(Duration::isPositive),
        unit.get(SERVICE, "Restart").orElse("no"),
        span(unit, SERVICE, "RestartSec").orElse(Duration.ofMillis(100)),
        codes(unit, "RestartPreventExitStatus"),
        codes(unit, "RestartForceExitStatus"),
        codes(unit, "SuccessExitStatus"),
        unit.get(SERVICE, "KillMode").orElse("control-group"),
        unit.get(UNIT, "StartLimitIntervalSec").isPresent()
            ? span(unit, UNIT, "StartLimitIntervalSec").orElse(Duration.ofDays(10_000))
            : Duration.ofSeconds(10),
        burst(unit));
  }

  /** {@code TimeoutSec} sets both; 0 means without limit, as systemd has it for its age. */
  private static Optional<Duration> timeout(
      UnitFile unit, String key, Optional<Duration> otherwise) {
    String given = unit.get(SERVICE, key).isPresent() ? key : "TimeoutSec";
    if (unit.get(SERVICE, given).isEmpty()) {
      return otherwise;
    }
    return span(unit, SERVICE, given).filter(Duration::isPositive);
  }

  private static Optional<Duration> span(UnitFile unit, String section, String key) {
    Optional<String> value = unit.get(section, key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      return TimeSpan.parse(value.get());
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(key + ": " + wrong.getMessage(), wrong);
    }
  }

  private static int burst(UnitFile unit) {
    String text = unit.get(UNIT, "StartLimitBurst").orElse("5");
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException wrong) {
      throw new IllegalArgumentException(
          "StartLimitBurst: expected a number, found '" + text + "'", wrong);
    }
  }

  /** Signals may be named with or without SIG. */
  private static Set<String> codes(UnitFile unit, String key) {
    Set<String> codes = new TreeSet<>();
    for (String word : unit.words(SERVICE, key)) {
      codes.add(word.toUpperCase(Locale.ROOT));
    }
    return codes;
  }

  /** Returns whether the process can tell systemd how it is, and ask for more time. */
  boolean notifies() {
    return type.equals("notify") || type.equals("notify-reload");
  }
}
