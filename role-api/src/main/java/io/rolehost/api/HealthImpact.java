package io.rolehost.api;

/** What a failing {@link HealthCheck} does. */
public enum HealthImpact {
  /** While the check is down the instance is not ready. */
  GATES_READINESS,
  /** The check is shown and measured, and gates nothing. */
  REPORTS
}
