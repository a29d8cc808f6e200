package io.rolehost.node.deploy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.deploy.Rollout.Outcome;
import io.rolehost.node.deploy.Standing.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Fleets of any kind, in virtual time, with crashes at any moment. */
class RolloutSimulationTest {
  private static final int HISTORIES = 20_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final List<Kind> AT_FIRST =
      List.of(
          Kind.READY, Kind.SETTLING, Kind.COMING, Kind.HELD, Kind.WAITING, Kind.FROZEN, Kind.GONE);
  private static final Duration LONGEST = Duration.ofHours(3);

  /** One instance: what it is, and when it becomes something else by itself. */
  private static final class Sim {
    Kind kind = Kind.READY;
    long incarnation = 1;
    long next = Long.MAX_VALUE;
    boolean renewed;
  }

  private final Map<String, Sim> fleet = new HashMap<>();
  private boolean crashes;
  private double bad;
  private long nanos;
  private Random random = new Random(0);

  @Test
  void rollout_ofAnyFleet_takesNoMoreDownThanItMayAndEnds() {
    int done = 0;
    int broken = 0;
    for (int seed = 0; seed < HISTORIES; seed++) {
      Outcome outcome = run(seed);
      done += outcome instanceof Outcome.Done ? 1 : 0;
      broken += outcome instanceof Outcome.Broken ? 1 : 0;
    }
    assertTrue(done > HISTORIES / 10, done + " were done");
    assertTrue(broken > HISTORIES / 10, broken + " were broken off");
  }

  private Outcome run(int seed) {
    random = new Random(seed);
    fleet.clear();
    nanos = 0;
    crashes = random.nextBoolean();
    bad = random.nextInt(3) == 0 ? random.nextDouble() : 0;
    int instances = 1 + random.nextInt(7);
    int atMost = 1 + random.nextInt(3);
    List<Wave.Member> members = new ArrayList<>();
    for (int n = 0; n < instances; n++) {
      Sim sim = new Sim();
      sim.kind =
          random.nextInt(8) == 0 ? AT_FIRST.get(random.nextInt(AT_FIRST.size())) : Kind.READY;
      sim.next = sim.kind == Kind.READY ? crashAt() : later(60);
      fleet.put("web_IN_" + n, sim);
      members.add(new Wave.Member("web_IN_" + n, n, sim.kind != Kind.READY));
    }
    Rollout rollout =
        Rollout.of(Wave.of("web", 1 + random.nextInt(5), atMost, members), PATIENCE, nanos);
    Set<String> touched = new HashSet<>();
    while (true) {
      Rollout.Step step = rollout.next(standings(), nanos);
      rollout = step.rollout();
      for (String id : step.renew()) {
        assertTrue(touched.add(id), () -> "seed " + seed + ": " + id + " goes twice");
        renew(id, atMost, seed);
      }
      if (!(step.outcome() instanceof Outcome.Running)) {
        check(step.outcome(), seed);
        return step.outcome();
      }
      assertTrue(nanos < LONGEST.toNanos(), () -> "seed " + seed + " does not end");
      advance(rollout.brokenOffAt());
    }
  }

  private void renew(String id, int atMost, int seed) {
    Sim sim = sim(id);
    if (sim.kind == Kind.READY || sim.kind == Kind.SETTLING) {
      long others = fleet.values().stream().filter(other -> other != sim && isDown(other)).count();
      assertTrue(others < atMost, () -> "seed " + seed + ": " + others + " are down already");
    }
    sim.renewed = true;
    if (sim.kind == Kind.FROZEN && random.nextBoolean()) {
      return; // an operator's freeze stays
    }
    sim.kind = Kind.COMING;
    sim.incarnation++;
    sim.next = later(30);
  }

  private Sim sim(String id) {
    Sim sim = fleet.get(id);
    if (sim == null) {
      throw new AssertionError("no " + id);
    }
    return sim;
  }

  private static boolean isDown(Sim sim) {
    return sim.kind != Kind.READY && sim.kind != Kind.NOT_WANTED;
  }

  private void check(Outcome outcome, int seed) {
    if (outcome instanceof Outcome.Done) {
      assertTrue(
          fleet.values().stream().allMatch(sim -> sim.renewed),
          () -> "seed " + seed + ": done, and not all are renewed");
    } else if (outcome instanceof Outcome.Broken(String _, String _, _, List<String> untouched)) {
      for (String id : untouched) {
        assertTrue(!sim(id).renewed, () -> "seed " + seed + ": " + id + " was touched");
      }
    }
  }

  private Map<String, Standing> standings() {
    Map<String, Standing> all = new HashMap<>();
    fleet.forEach((id, sim) -> all.put(id, new Standing("web", sim.kind, sim.incarnation, "x")));
    return all;
  }

  private void advance(long atLatest) {
    long next = fleet.values().stream().mapToLong(sim -> sim.next).min().orElse(atLatest);
    nanos = Math.max(nanos, Math.min(next, atLatest));
    for (Sim sim : fleet.values()) {
      if (sim.next <= nanos) {
        change(sim);
      }
    }
  }

  private void change(Sim sim) {
    switch (sim.kind) {
      case COMING -> {
        boolean fails = sim.renewed && random.nextDouble() < bad;
        if (fails && random.nextBoolean()) {
          sim.incarnation++; // a node retries the first time at once
          sim.next = later(30);
          return;
        }
        sim.kind = fails ? Kind.WAITING : random.nextBoolean() ? Kind.SETTLING : Kind.READY;
        sim.next = sim.kind == Kind.READY ? crashAt() : later(20);
      }
      case SETTLING -> {
        boolean fails = crashes && random.nextInt(3) == 0;
        sim.kind = fails ? Kind.WAITING : Kind.READY;
        sim.next = fails ? later(20) : crashAt();
      }
      case READY -> {
        sim.kind = Kind.WAITING;
        sim.next = later(20);
      }
      case WAITING -> {
        sim.kind = Kind.COMING;
        sim.incarnation++;
        sim.next = later(30);
      }
      case HELD, FROZEN, GONE, NEW, NOT_WANTED -> sim.next = Long.MAX_VALUE;
    }
  }

  private long crashAt() {
    return crashes && random.nextInt(3) == 0 ? later(300) : Long.MAX_VALUE;
  }

  private long later(int seconds) {
    return nanos + Duration.ofMillis(1 + random.nextInt(seconds * 1000)).toNanos();
  }
}
