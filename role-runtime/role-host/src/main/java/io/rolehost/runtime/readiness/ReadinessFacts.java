package io.rolehost.runtime.readiness;

import java.time.Duration;
import java.util.List;

/**
 * All that readiness depends on, read at one moment.
 *
 * @param state the full state name in capitals
 * @param stateTakesWork true in {@code READY}, {@code BUSY} and {@code SUSPECT}
 * @param stopAsked whether a stop was asked
 * @param freezes of a held instance: who holds it, as {@code <reason> by <owner>}
 * @param leases the reasons of the open busy leases
 * @param tasksDown names of gating tasks that are not running
 * @param checks all health checks
 * @param sampleAge age of the oldest sample of a gating check; zero if there is none
 * @param maxAge the age past which a sample is stale
 */
public record ReadinessFacts(
    String state,
    boolean stateTakesWork,
    boolean stopAsked,
    List<String> freezes,
    List<String> leases,
    List<String> tasksDown,
    List<CheckFact> checks,
    Duration sampleAge,
    Duration maxAge) {

  /** Takes copies of the lists. */
  public ReadinessFacts {
    freezes = List.copyOf(freezes);
    leases = List.copyOf(leases);
    tasksDown = List.copyOf(tasksDown);
    checks = List.copyOf(checks);
  }

  /**
   * One health check.
   *
   * @param gates whether readiness depends on it
   * @param sampled false until its first answer
   * @param up its state after the thresholds
   * @param message of the last answer
   */
  public record CheckFact(
      String name, boolean gates, boolean sampled, boolean up, String message) {}
}
