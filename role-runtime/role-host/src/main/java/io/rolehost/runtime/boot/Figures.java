package io.rolehost.runtime.boot;

import io.rolehost.api.Instance;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.Scope;
import io.rolehost.runtime.metrics.HostFigures;
import io.rolehost.runtime.process.Ticks;
import io.rolehost.runtime.readiness.ReadinessFacts;
import io.rolehost.runtime.supervision.TaskFacts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** What the metrics show of the host, read at each scrape. */
final class Figures implements HostFigures {

  private final LiveFacts facts;
  private final Ticks ticks;
  private final Instance instance;
  private final String build;
  private final Map<String, Object> lastEnd;
  private final long startedAt;

  /**
   * Begins to count the time of this start.
   *
   * @param lastEnd what is known of the end of the one before
   */
  Figures(
      LiveFacts facts, Ticks ticks, Instance instance, String build, Map<String, Object> lastEnd) {
    this.facts = facts;
    this.ticks = ticks;
    this.instance = instance;
    this.build = build;
    this.lastEnd = lastEnd;
    this.startedAt = ticks.nanos();
  }

  @Override
  public String state() {
    return facts.state().name();
  }

  @Override
  public boolean ready() {
    return facts.isReady();
  }

  @Override
  public long incarnation() {
    return instance.incarnation();
  }

  @Override
  public int openLeases() {
    return facts.leases().reasons().size();
  }

  @Override
  public int inFlight() {
    return facts.role().map(life -> life.endpoints().inFlight()).orElse(0);
  }

  @Override
  public Map<String, Integer> tasksByState() {
    Map<String, Integer> states = new TreeMap<>();
    for (TaskFacts task : facts.role().map(life -> life.tasks().facts()).orElse(List.of())) {
      states.merge(task.state(), 1, Integer::sum);
    }
    return states;
  }

  @Override
  public Map<String, Boolean> checksUp() {
    Map<String, Boolean> up = new TreeMap<>();
    for (ReadinessFacts.CheckFact check : facts.health().facts()) {
      up.put(check.name(), check.up());
    }
    return up;
  }

  @Override
  public Map<String, Integer> freezesByScope() {
    Map<String, Integer> scopes = new TreeMap<>();
    for (Freeze freeze : facts.freeze().last().covering()) {
      scopes.merge(
          switch (freeze.scope()) {
            case Scope.All _ -> "all";
            case Scope.Deployment _ -> "deployment";
            case Scope.Role _ -> "role";
            case Scope.Instance _ -> "instance";
          },
          1,
          Integer::sum);
    }
    return scopes;
  }

  @Override
  public Duration frozen() {
    return facts.freeze().frozenFor();
  }

  @Override
  public Duration uptime() {
    return Duration.ofNanos(ticks.nanos() - startedAt);
  }

  @Override
  public boolean stopRequested() {
    return facts.stopAsked();
  }

  @Override
  public Duration stopping() {
    return facts
        .stop()
        .map(stop -> Duration.ofNanos(ticks.nanos() - stop.ledger().asked()))
        .orElse(Duration.ZERO);
  }

  @Override
  public Optional<Duration> lastStop() {
    return lastEnd.get("stopMillis") instanceof Number millis
        ? Optional.of(Duration.ofMillis(millis.longValue()))
        : Optional.empty();
  }

  @Override
  public OptionalInt lastExitCode() {
    return lastEnd.get("code") instanceof Number code
        ? OptionalInt.of(code.intValue())
        : OptionalInt.empty();
  }

  @Override
  public Map<String, String> identity() {
    return Map.of(
        "deployment",
        instance.deployment(),
        "role",
        instance.role(),
        "instance",
        instance.id(),
        "build",
        build);
  }
}
