package io.rolehost.runtime.boot;

import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.Scope;
import io.rolehost.runtime.metrics.HostFigures;
import io.rolehost.runtime.process.Ticks;
import io.rolehost.runtime.readiness.ReadinessFacts;
import io.rolehost.runtime.supervision.TaskFacts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the metrics show of the host, read at each scrape. */
final class Figures implements HostFigures {

  private final LiveFacts facts;
  private final Ticks ticks;
  private final long incarnation;
  private final long startedAt;

  Figures(LiveFacts facts, Ticks ticks, long incarnation) {
    this.facts = facts;
    this.ticks = ticks;
    this.incarnation = incarnation;
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
    return incarnation;
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
}
