package io.rolehost.cli.budget;

import java.time.Duration;
import java.util.Optional;

/**
 * What a pod grants the host in it, with the defaults of Kubernetes where the manifest says
 * nothing.
 *
 * @param name kind and name, such as {@code Deployment/sweeper}
 * @param grace {@code terminationGracePeriodSeconds}
 * @param preStop how long the hook takes; empty = there is one, and nobody can tell
 * @param restartPolicy such as {@code Always}
 * @param replicas how many are wanted; empty where the kind has none, as a Job
 * @param atOnce how many may be missing in a roll-out; empty where the kind has no such number
 * @param progressDeadline after which a roll-out counts as failed; empty where the kind has none
 * @param disruption how many a drain of nodes may take at a time; empty without a budget for it
 */
public record PodLimits(
    String name,
    Duration grace,
    Optional<Duration> preStop,
    Optional<Probe> startup,
    Optional<Probe> readiness,
    Optional<Probe> liveness,
    String restartPolicy,
    Optional<Integer> replicas,
    Optional<Integer> atOnce,
    Optional<Duration> progressDeadline,
    Optional<Integer> disruption) {

  /**
   * A probe.
   *
   * @param path that is asked; empty if it is no {@code httpGet}
   * @param failures {@code failureThreshold}
   */
  public record Probe(
      String path, Duration initialDelay, Duration period, Duration timeout, int failures) {

    /**
     * Returns the least time from the start of the container to the moment the kubelet gives up:
     * the first question comes after the initial delay, and the last one that may fail is the one
     * before the threshold.
     */
    Duration earliestEnd() {
      return initialDelay.plus(budget());
    }

    /** Returns the least time of failing that the probe suffers. */
    Duration budget() {
      return period.multipliedBy(Math.max(0, failures - 1));
    }

    /** Returns the longest time until failing is noticed. */
    Duration noticed() {
      return period.multipliedBy(failures);
    }
  }
}
