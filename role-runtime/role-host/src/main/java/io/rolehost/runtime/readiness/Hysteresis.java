package io.rolehost.runtime.readiness;

/**
 * Turns single answers of a health check into a steady state: it goes down after {@value
 * #DOWN_AFTER} bad answers in a row and up after {@value #UP_AFTER} good ones. The first answer
 * decides at once, because before it there is nothing to be steady about.
 *
 * <p>The thresholds are those of a Kubernetes probe ({@code failureThreshold} 3), with one more
 * good answer asked for, so that a flapping dependency leaves the instance out of the load
 * balancer.
 *
 * @param decided whether there was an answer yet
 * @param up the steady state; false until decided
 * @param against how many answers in a row contradict {@code up}
 */
record Hysteresis(boolean decided, boolean up, int against) {

  static final int DOWN_AFTER = 3;
  static final int UP_AFTER = 2;

  /** Before the first answer. */
  static final Hysteresis UNDECIDED = new Hysteresis(false, false, 0);

  /** Returns the state after one more answer. */
  Hysteresis next(boolean healthy) {
    if (!decided) {
      return new Hysteresis(true, healthy, 0);
    }
    if (healthy == up) {
      return new Hysteresis(true, up, 0);
    }
    int contradicting = against + 1;
    return contradicting >= (up ? DOWN_AFTER : UP_AFTER)
        ? new Hysteresis(true, healthy, 0)
        : new Hysteresis(true, up, contradicting);
  }
}
