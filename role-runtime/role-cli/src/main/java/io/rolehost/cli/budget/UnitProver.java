package io.rolehost.cli.budget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Proves that what a process may take fits into what its unit grants. */
final class UnitProver {
  private static final Duration LEAST_WATCHDOG = Duration.ofSeconds(2);
  private static final Duration WISE_WATCHDOG = Duration.ofSeconds(10);
  private static final Duration LONG_WATCHDOG = Duration.ofMinutes(5);

  /** Nobody may be given up silently before. */
  private static final Duration LEAST_TRIES = Duration.ofMinutes(5);

  private final Budget budget;
  private final UnitLimits unit;
  private final List<Proof> proofs = new ArrayList<>();

  UnitProver(Budget budget, UnitLimits unit) {
    this.budget = budget;
    this.unit = unit;
  }

  List<Proof> prove() {
    boolean job = unit.type().equals("oneshot");
    if (job) {
      unit.start()
          .ifPresent(limit ->
              proofs.add(
                  Proof.warn(
                      "run",
                      "TimeoutStartSec="
                          + TimeSpan.seconds(limit)
                          + " is for the whole run of Type=oneshot, which is killed then",
                      "Set TimeoutStartSec=infinity, unless that is meant")));
    } else {
      type();
      proofs.add(
          Proof.fits(
              "start",
              budget.start(),
              unit.start(),
              "TimeoutStartSec; " + budget.startSum(),
              "Set TimeoutStartSec=" + TimeSpan.seconds(budget.start())));
    }
    BudgetProver.inside(budget, proofs);
    stop();
    extension();
    if (!job) {
      watchdog();
      startLimit();
    }
    restart(job);
    killMode();
    return proofs;
  }

  private void type() {
    if (unit.notifies()) {
      proofs.add(Proof.ok("type", "Type=" + unit.type() + ": started means ready"));
    } else {
      proofs.add(
          Proof.warn(
              "type",
              "Type=" + unit.type() + ": systemd takes it for started at once",
              "Set Type=notify"));
    }
  }

  private void stop() {
    String says =
        "TimeoutStopSec; "
            + TimeSpan.text(budget.grace())
            + " rolehost.stop.grace + "
            + TimeSpan.text(Budget.EXIT)
            + " for the exit";
    proofs.add(
        Proof.fits(
            "stop",
            budget.stop(),
            unit.stop(),
            says,
            "Set TimeoutStopSec=" + TimeSpan.seconds(budget.stop()) + " or a shorter grace"));
    if (unit.stop().isEmpty()) {
      proofs.add(
          Proof.warn(
              "stop limit",
              "TimeoutStopSec is without limit: one that hangs in its stop is never killed",
              "Set TimeoutStopSec=" + TimeSpan.seconds(budget.stop())));
    }
  }

  private void extension() {
    if (budget.hardCap().compareTo(budget.grace()) <= 0) {
      return;
    }
    String says =
        TimeSpan.text(budget.hardCap())
            + " rolehost.stop.hard-cap + "
            + TimeSpan.text(Budget.EXIT)
            + " if onStop extends";
    if (unit.notifies()) {
      proofs.add(Proof.ok("extension", says + ": the host asks systemd for it"));
    } else {
      proofs.add(
          Proof.fits(
              "extension",
              budget.longestStop(),
              unit.stop(),
              says,
              "Set Type=notify, so that the host can ask for it, or rolehost.stop.hard-cap = "
                  + TimeSpan.seconds(budget.grace())
                  + "s"));
    }
  }

  private void watchdog() {
    if (unit.watchdog().isEmpty()) {
      proofs.add(
          Proof.warn("watchdog", "none: a host that hangs as a whole stays", "Set WatchdogSec=30"));
      return;
    }
    Duration interval = unit.watchdog().get();
    String says = "WatchdogSec; a sign of life comes at half of it";
    if (!unit.notifies()) {
      proofs.add(
          Proof.fail(
              "watchdog",
              "Type=" + unit.type() + " hears no sign of life and kills what is well",
              "Set Type=notify"));
    } else if (interval.compareTo(LEAST_WATCHDOG) < 0) {
      proofs.add(
          Proof.fits(
              "watchdog",
              LEAST_WATCHDOG,
              unit.watchdog(),
              says + ", which a busy machine misses",
              "Set WatchdogSec=30"));
    } else if (interval.compareTo(WISE_WATCHDOG) < 0 || interval.compareTo(LONG_WATCHDOG) > 0) {
      proofs.add(
          Proof.warn(
              "watchdog",
              "WatchdogSec is "
                  + TimeSpan.text(interval)
                  + ": "
                  + (interval.compareTo(WISE_WATCHDOG) < 0
                      ? "a long garbage collection looks like a hang"
                      : "a hang is noticed late"),
              "Set WatchdogSec=30"));
    } else {
      proofs.add(
          Proof.fits("watchdog", WISE_WATCHDOG, unit.watchdog(), says, "Set WatchdogSec=30"));
    }
  }

  private void startLimit() {
    if (unit.startLimitInterval().isZero()
        || unit.startLimitBurst() <= 0
        || !restarts()
        || tries().compareTo(unit.startLimitInterval()) >= 0) {
      proofs.add(Proof.ok("giving up", "no start limit is ever reached: it is tried for ever"));
      return;
    }
    proofs.add(
        Proof.fits(
            "giving up",
            LEAST_TRIES,
            Optional.of(tries()),
            "StartLimitBurst="
                + unit.startLimitBurst()
                + " x RestartSec, then systemd gives it up for good",
            "Set StartLimitIntervalSec=0 in [Unit], and RestartSec=5"));
  }

  private Duration tries() {
    return unit.restartDelay().multipliedBy(unit.startLimitBurst());
  }

  private boolean restarts() {
    return !unit.restart().equals("no") || !unit.forcedCodes().isEmpty();
  }

  private void restart(boolean job) {
    switch (unit.restart()) {
      case "on-failure" -> proofs.add(Proof.ok("restart", "on-failure: on every code but 0"));
      case "always" ->
          proofs.add(
              Proof.warn(
                  "restart",
                  "always: also after a stop that was asked for, which is code 0",
                  "Set Restart=on-failure"));
      case "no" -> {
        if (!job) {
          proofs.add(
              Proof.warn(
                  "restart",
                  "no: it stays down after its first failure",
                  "Set Restart=on-failure"));
        }
      }
      default ->
          proofs.add(
              Proof.warn(
                  "restart",
                  unit.restart() + ": not on the codes 70 to 87",
                  "Set Restart=on-failure"));
    }
    if (unit.restart().equals("on-failure") || unit.restart().equals("always")) {
      prevented();
      counted();
    }
  }

  private void prevented() {
    Set<String> missing = new TreeSet<>(Set.of("64", "78"));
    missing.removeAll(unit.preventedCodes());
    missing.remove(unit.preventedCodes().contains("USAGE") ? "64" : "");
    missing.remove(unit.preventedCodes().contains("CONFIG") ? "78" : "");
    if (!missing.isEmpty()) {
      proofs.add(
          Proof.fail(
              "no restart",
              "code "
                  + String.join(" and ", missing)
                  + " is restarted, though no restart cures a wrong command line or setting",
              "Set RestartPreventExitStatus=64 78"));
    }
    Set<String> wrong = new TreeSet<>(unit.preventedCodes());
    wrong.removeAll(Set.of("64", "78", "USAGE", "CONFIG"));
    if (!wrong.isEmpty()) {
      proofs.add(
          Proof.warn(
              "no restart",
              "RestartPreventExitStatus has " + String.join(" ", wrong) + " too",
              "Codes other than 64 and 78 are to be restarted"));
    }
  }

  /** What counts as a success is not restarted by on-failure. */
  private void counted() {
    Set<String> lost = new TreeSet<>();
    for (String code : unit.successCodes()) {
      if (code.matches("7[05]|8[0-7]") && !unit.forcedCodes().contains(code)) {
        lost.add(code);
      }
    }
    if (!lost.isEmpty() && unit.restart().equals("on-failure")) {
      proofs.add(
          Proof.fail(
              "success",
              "SuccessExitStatus has " + String.join(" ", lost) + ", so it is not restarted",
              "Set RestartForceExitStatus=" + String.join(" ", lost)));
    }
  }

  private void killMode() {
    switch (unit.killMode()) {
      case "mixed" ->
          proofs.add(Proof.ok("kill mode", "mixed: TERM to the host, KILL to what is left"));
      case "control-group" ->
          proofs.add(
              Proof.warn(
                  "kill mode",
                  "control-group: TERM also goes to what the host stops by itself",
                  "Set KillMode=mixed"));
      default ->
          proofs.add(
              Proof.fail(
                  "kill mode",
                  unit.killMode() + ": what the host started outlives it",
                  "Set KillMode=mixed"));
    }
  }
}
