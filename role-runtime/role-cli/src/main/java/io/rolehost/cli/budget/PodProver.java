package io.rolehost.cli.budget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Proves that what a host may take fits into what its pod grants. */
final class PodProver {
  private static final int LIVENESS_TO_READINESS = 3;

  private final Budget budget;
  private final PodLimits pod;
  private final List<Proof> proofs = new ArrayList<>();

  PodProver(Budget budget, PodLimits pod) {
    this.budget = budget;
    this.pod = pod;
  }

  List<Proof> prove() {
    start();
    BudgetProver.inside(budget, proofs);
    stop();
    liveness();
    path("startup path", pod.startup(), "/startupz");
    path("ready path", pod.readiness(), "/readyz");
    path("live path", pod.liveness(), "/livez");
    restartPolicy();
    rollOut();
    disruption();
    return proofs;
  }

  private void start() {
    long seconds = TimeSpan.seconds(budget.start());
    if (pod.startup().isPresent()) {
      PodLimits.Probe probe = pod.startup().get();
      proofs.add(
          Proof.fits(
              "start",
              budget.start(),
              Optional.of(probe.earliestEnd()),
              "startupProbe, " + sum(probe) + "; " + budget.startSum(),
              "Set its periodSeconds: 1 and failureThreshold: " + (seconds + 1)));
    } else if (pod.liveness().isPresent()) {
      PodLimits.Probe probe = pod.liveness().get();
      proofs.add(
          Proof.fits(
              "start",
              budget.start(),
              Optional.of(probe.earliestEnd()),
              "livenessProbe without a startupProbe, " + sum(probe) + "; " + budget.startSum(),
              "Add a startupProbe on /startupz with periodSeconds: 1 and failureThreshold: "
                  + (seconds + 1)));
    } else {
      proofs.add(Proof.ok("start", "no probe kills a slow start; rolehost.start.timeout does"));
    }
  }

  private static String sum(PodLimits.Probe probe) {
    return (probe.initialDelay().isZero() ? "" : TimeSpan.text(probe.initialDelay()) + " + ")
        + "("
        + probe.failures()
        + " - 1) x "
        + TimeSpan.text(probe.period());
  }

  private void stop() {
    String says =
        "terminationGracePeriodSeconds; "
            + TimeSpan.text(budget.hardCap())
            + " rolehost.stop.hard-cap + "
            + TimeSpan.text(Budget.EXIT)
            + " for the exit";
    if (pod.preStop().isEmpty()) {
      proofs.add(
          Proof.fail(
              "stop",
              "preStop takes nobody knows how long, and its time is part of the "
                  + TimeSpan.text(pod.grace())
                  + " terminationGracePeriodSeconds",
              "Remove it, the drain does its work; or write it as sleep: { seconds: N }"));
      return;
    }
    Duration preStop = pod.preStop().get();
    Duration needs = budget.longestStop().plus(preStop);
    proofs.add(
        Proof.fits(
            "stop",
            needs,
            Optional.of(pod.grace()),
            says + (preStop.isZero() ? "" : " + " + TimeSpan.text(preStop) + " preStop"),
            "Set terminationGracePeriodSeconds: "
                + TimeSpan.seconds(needs)
                + (preStop.isZero() ? "" : ", or remove preStop")));
    if (preStop.isPositive()) {
      proofs.add(
          Proof.warn(
              "preStop",
              "it only delays the drain, which waits for the endpoints by itself",
              "Remove it"));
    }
  }

  private void liveness() {
    if (pod.liveness().isEmpty()) {
      proofs.add(
          Proof.warn(
              "liveness",
              "no livenessProbe: a host that is past helping stays",
              "Add one on /livez with periodSeconds: 10 and failureThreshold: 3"));
      return;
    }
    if (pod.readiness().isEmpty()) {
      proofs.add(
          Proof.fail(
              "readiness",
              "no readinessProbe: traffic comes before the role is ready",
              "Add one on /readyz with periodSeconds: 1 and failureThreshold: 1"));
      return;
    }
    PodLimits.Probe ready = pod.readiness().get();
    PodLimits.Probe live = pod.liveness().get();
    Duration needs = ready.noticed().multipliedBy(LIVENESS_TO_READINESS);
    proofs.add(
        Proof.fits(
            "liveness",
            needs,
            Optional.of(live.noticed()),
            "livenessProbe, "
                + live.failures()
                + " x "
                + TimeSpan.text(live.period())
                + "; three times the readinessProbe's "
                + ready.failures()
                + " x "
                + TimeSpan.text(ready.period()),
            "Set its failureThreshold: "
                + Math.ceilDiv(needs.toMillis(), Math.max(1, live.period().toMillis()))));
  }

  private void path(String check, Optional<PodLimits.Probe> probe, String expected) {
    if (probe.isEmpty() || probe.get().path().isEmpty()) {
      return;
    }
    String path = probe.get().path();
    if (path.equals(expected) || path.startsWith(expected + "?")) {
      return;
    }
    String says =
        path.startsWith("/readyz")
            ? "/readyz is red while the role is frozen, busy or drained: it would be killed for it"
            : path + " is not what tells it";
    proofs.add(
        path.startsWith("/readyz")
            ? Proof.fail(check, says, "Use " + expected)
            : Proof.warn(check, says, "Use " + expected));
  }

  private void restartPolicy() {
    if (pod.replicas().isPresent() && !pod.restartPolicy().equals("Always")) {
      proofs.add(
          Proof.warn(
              "restart",
              "restartPolicy: " + pod.restartPolicy() + " leaves a failed role down",
              "Use Always"));
    }
  }

  private void rollOut() {
    if (pod.progressDeadline().isPresent()) {
      Duration deadline = pod.progressDeadline().get();
      if (deadline.compareTo(budget.start()) < 0) {
        proofs.add(
            Proof.warn(
                "progress",
                "progressDeadlineSeconds "
                    + TimeSpan.text(deadline)
                    + " is less than the "
                    + TimeSpan.text(budget.start())
                    + " of a start: a roll-out counts as failed while it may still work",
                "Set it to " + (TimeSpan.seconds(budget.start()) + 60)));
      }
    }
    if (pod.replicas().isPresent() && pod.atOnce().isPresent()) {
      int wanted = pod.replicas().get();
      int atOnce = pod.atOnce().get();
      if (wanted > 0 && atOnce >= wanted) {
        proofs.add(
            Proof.warn(
                "roll-out",
                "all " + wanted + " replicas may be down at once",
                "Set strategy.rollingUpdate.maxUnavailable: " + (wanted > 1 ? 1 : 0)));
      }
    }
  }

  private void disruption() {
    if (pod.replicas().isEmpty() || pod.replicas().get() == 0) {
      return;
    }
    int wanted = pod.replicas().get();
    if (pod.disruption().isEmpty()) {
      if (wanted > 1) {
        proofs.add(
            Proof.warn(
                "disruption",
                "no PodDisruptionBudget in this file: a drain of nodes may take all " + wanted,
                "Add one with maxUnavailable: 1"));
      }
      return;
    }
    int takes = pod.disruption().get();
    if (takes <= 0) {
      proofs.add(
          Proof.fail(
              "disruption",
              "the PodDisruptionBudget lets none of "
                  + wanted
                  + " go, so that no node can ever be drained",
              "Set maxUnavailable: 1"));
    } else if (takes >= wanted && wanted > 1) {
      proofs.add(
          Proof.warn(
              "disruption",
              "the PodDisruptionBudget lets all " + wanted + " go at once",
              "Set maxUnavailable: 1"));
    }
  }
}
