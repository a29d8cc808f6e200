package io.rolehost.runtime.boot;

import io.rolehost.runtime.lifecycle.HostState;
import io.rolehost.runtime.readiness.BusyLeases;
import io.rolehost.runtime.readiness.HealthSampler;
import io.rolehost.runtime.readiness.Readiness;
import io.rolehost.runtime.readiness.ReadinessFacts;
import io.rolehost.runtime.readiness.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What is true of the host at the moment somebody asks; nothing is remembered. Thread-safe. */
final class LiveFacts {

  private final HostLoop loop;
  private final AtomicReference<@Nullable RoleLife> life;
  private final BusyLeases leases;
  private final HealthSampler health;
  private final FreezeGate freeze;
  private final Duration maxAge;

  LiveFacts(
      HostLoop loop,
      AtomicReference<@Nullable RoleLife> life,
      BusyLeases leases,
      HealthSampler health,
      FreezeGate freeze,
      Duration maxAge) {
    this.loop = loop;
    this.life = life;
    this.leases = leases;
    this.health = health;
    this.freeze = freeze;
    this.maxAge = maxAge;
  }

  HostState state() {
    return loop.state();
  }

  Optional<RoleLife> role() {
    return Optional.ofNullable(life.get());
  }

  BusyLeases leases() {
    return leases;
  }

  HealthSampler health() {
    return health;
  }

  FreezeGate freeze() {
    return freeze;
  }

  /** Returns whether a freeze holds the instance at a check. */
  boolean held() {
    return loop.state() instanceof HostState.Gate(_, boolean held) && held;
  }

  /** Returns the stop under way, if one is. */
  Optional<HostState.Stop> stop() {
    return loop.state().stopUnderWay();
  }

  /** Returns whether a stop was asked, or the process is past one. */
  boolean stopAsked() {
    return stop().isPresent() || loop.state() instanceof HostState.Killing;
  }

  /** Returns whether a lease is open or a gating task is down. */
  boolean busy() {
    return !leases.reasons().isEmpty() || !gatingDown().isEmpty();
  }

  private List<String> gatingDown() {
    return role().map(running -> running.tasks().gatingDown()).orElse(List.of());
  }

  /** Computes readiness. */
  Verdict readiness() {
    return Readiness.verdict(all());
  }

  /** Computes readiness without the reasons. */
  boolean isReady() {
    return Readiness.isReady(all());
  }

  private ReadinessFacts all() {
    HostState state = loop.state();
    return new ReadinessFacts(
        state.name(),
        state instanceof HostState.Running,
        stopAsked(),
        held() ? List.of(freeze.last().summary()) : List.of(),
        leases.reasons(),
        gatingDown(),
        health.facts(),
        health.oldestGatingSampleAge(),
        maxAge);
  }
}
