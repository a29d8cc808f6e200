package io.rolehost.cli.budget;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Proves that a start, a drain, a stop and its kill reserve fit into what a service manager grants:
 * pure. Where all proofs hold, nothing is killed that keeps its own limits.
 */
public final class BudgetProver {

  private BudgetProver() {}

  /** Compares with a unit of systemd. */
  public static List<Proof> prove(Budget budget, UnitLimits unit) {
    return new UnitProver(budget, unit).prove();
  }

  /** Compares with a pod of Kubernetes. */
  public static List<Proof> prove(Budget budget, PodLimits pod) {
    return new PodProver(budget, pod).prove();
  }

  /** Drain and kill reserve are parts of the grace; what they leave is for {@code onStop}. */
  static void inside(Budget budget, List<Proof> proofs) {
    Duration parts = budget.drain().plus(budget.killReserve());
    proofs.add(
        Proof.fits(
            "onStop",
            parts,
            Optional.of(budget.grace()),
            TimeSpan.text(budget.drain())
                + " drain + "
                + TimeSpan.text(budget.killReserve())
                + " kill reserve; "
                + TimeSpan.text(budget.grace().minus(parts))
                + " of the grace are left",
            "Set rolehost.stop.grace to more than " + TimeSpan.text(parts)));
  }
}
