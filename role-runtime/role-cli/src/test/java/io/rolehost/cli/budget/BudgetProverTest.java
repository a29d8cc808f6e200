package io.rolehost.cli.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.cli.budget.Proof.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class BudgetProverTest {
  private static final int CASES = 20_000;

  /** The defaults of the profile systemd, and of kubernetes. */
  private static final Budget UNDER_SYSTEMD = budget(300, 1, 0, 85, 170, 20, 2);

  private static final Budget IN_A_POD = budget(300, 1, 0, 25, 25, 8, 2);

  private static final String UNIT =
      """
      [Unit]
      StartLimitIntervalSec=0
      [Service]
      Type=notify
      ExecStart=/usr/bin/java -jar /opt/sweeper.jar
      TimeoutStartSec=5min 20s
      TimeoutStopSec=90
      WatchdogSec=30
      KillMode=mixed
      Restart=on-failure
      RestartSec=5
      RestartPreventExitStatus=64 78
      RestartForceExitStatus=86
      """;

  private static final String POD =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: sweeper }
      spec:
        replicas: 4
        template:
          metadata: { labels: { app: sweeper } }
          spec:
            terminationGracePeriodSeconds: 30
            containers:
              - name: sweeper
                startupProbe: { httpGet: { path: /startupz }, periodSeconds: 1, failureThreshold: 330 }
                readinessProbe: { httpGet: { path: /readyz }, periodSeconds: 1, failureThreshold: 1 }
                livenessProbe: { httpGet: { path: /livez }, periodSeconds: 10, failureThreshold: 3 }
      ---
      kind: PodDisruptionBudget
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: sweeper } } }
      """;

  @Test
  void goodUnit_isProvedWithItsNumbers() {
    assertEquals(
        """
              CHECK        NEEDS    HAS      BECAUSE
        ok    type         -        -        Type=notify: started means ready
        ok    start        320 s    320 s    TimeoutStartSec; 300 s rolehost.start.timeout + 20 s for the JVM
        ok    onStop       22 s     85 s     20 s drain + 2 s kill reserve; 63 s of the grace are left
        ok    stop         90 s     90 s     TimeoutStopSec; 85 s rolehost.stop.grace + 5 s for the exit
        ok    extension    -        -        170 s rolehost.stop.hard-cap + 5 s if onStop extends: the host asks systemd for it
        ok    watchdog     10 s     30 s     WatchdogSec; a sign of life comes at half of it
        ok    giving up    -        -        no start limit is ever reached: it is tried for ever
        ok    restart      -        -        on-failure: on every code but 0
        ok    kill mode    -        -        mixed: TERM to the host, KILL to what is left
        """,
        String.join("\n", Proof.table(unit(UNDER_SYSTEMD, UNIT))) + "\n");
  }

  @Test
  void goodPod_isProvedWithItsNumbers() {
    assertEquals(
        """
              CHECK        NEEDS    HAS      BECAUSE
        ok    start        320 s    329 s    startupProbe, (330 - 1) x 1 s; 300 s rolehost.start.timeout + 20 s for the JVM
        ok    onStop       10 s     25 s     8 s drain + 2 s kill reserve; 15 s of the grace are left
        ok    stop         30 s     30 s     terminationGracePeriodSeconds; 25 s rolehost.stop.hard-cap + 5 s for the exit
        ok    liveness     3 s      30 s     livenessProbe, 3 x 10 s; three times the readinessProbe's 1 x 1 s
        """,
        String.join("\n", Proof.table(pod(IN_A_POD, POD))) + "\n");
  }

  /** The line to change, what to, the check that must fail, and the numbers it must name. */
  static Stream<Arguments> brokenUnits() {
    return Stream.of(
        Arguments.of("TimeoutStopSec=90", "TimeoutStopSec=60", "stop", "90 s > 60 s"),
        Arguments.of("TimeoutStopSec=90", "TimeoutStopSec=89", "stop", "90 s > 89 s"),
        Arguments.of("TimeoutStopSec=90", "TimeoutStopSec=1min 20s", "stop", "90 s > 80 s"),
        Arguments.of("TimeoutStopSec=90", "TimeoutStopSec=500ms", "stop", "90 s > 0.5 s"),
        Arguments.of("TimeoutStartSec=5min 20s", "", "start", "320 s > 90 s"),
        Arguments.of("TimeoutStartSec=5min 20s", "TimeoutSec=95", "start", "320 s > 95 s"),
        Arguments.of("TimeoutStartSec=5min 20s", "TimeoutStartSec=300", "start", "320 s > 300 s"),
        Arguments.of("Type=notify", "Type=exec", "extension", "175 s > 90 s"),
        Arguments.of("Type=notify", "Type=exec", "watchdog", "Type=exec"),
        Arguments.of("WatchdogSec=30", "WatchdogSec=1", "watchdog", "2 s > 1 s"),
        Arguments.of("WatchdogSec=30", "WatchdogSec=50ms", "watchdog", "2 s > 0.1 s"),
        Arguments.of(
            "StartLimitIntervalSec=0", "StartLimitIntervalSec=60", "giving up", "300 s > 25 s"),
        Arguments.of(
            "RestartPreventExitStatus=64 78",
            "RestartPreventExitStatus=64",
            "no restart",
            "code 78"),
        Arguments.of("RestartPreventExitStatus=64 78", "", "no restart", "code 64 and 78"),
        Arguments.of(
            "KillMode=mixed", "KillMode=process", "kill mode", "what the host started outlives"),
        Arguments.of("RestartForceExitStatus=86", "SuccessExitStatus=86", "success", "86"),
        Arguments.of("KillMode=mixed", "KillMode=none", "kill mode", "none"));
  }

  @Test
  void job_whoseRunIsLimited_isWarnedOf() {
    String job =
        """
        [Service]
        Type=oneshot
        ExecStart=/usr/bin/java -jar /opt/report.jar
        TimeoutStartSec=1h
        TimeoutStopSec=3min
        KillMode=mixed
        """;
    List<Proof> proofs = unit(UNDER_SYSTEMD, job);
    assertTrue(Proof.all(proofs), proofs.toString());
    assertEquals(
        List.of("TimeoutStartSec=3600 is for the whole run of Type=oneshot, which is killed then"),
        proofs.stream().filter(proof -> proof.verdict() == Verdict.WARN).map(Proof::says).toList());
  }

  @ParameterizedTest
  @MethodSource("brokenUnits")
  void brokenUnit_isRejectedWithTheNumbers(String line, String by, String check, String numbers) {
    assertTrue(UNIT.contains(line), line);
    assertRejected(unit(UNDER_SYSTEMD, UNIT.replace(line, by)), check, numbers);
  }

  static Stream<Arguments> brokenPods() {
    String grace = "terminationGracePeriodSeconds: 30";
    String hook = "- name: sweeper\n          lifecycle: { preStop: ";
    return Stream.of(
        Arguments.of(grace, "terminationGracePeriodSeconds: 25", "stop", "30 s > 25 s"),
        Arguments.of(grace, "terminationGracePeriodSeconds: 29", "stop", "30 s > 29 s"),
        Arguments.of(grace, "terminationGracePeriodSeconds: 0", "stop", "30 s > 0 s"),
        Arguments.of(
            "- name: sweeper", hook + "{ sleep: { seconds: 5 } } }", "stop", "35 s > 30 s"),
        Arguments.of(
            "- name: sweeper",
            hook + "{ exec: { command: [sh, -c, sleep 10] } } }",
            "stop",
            "40 s > 30 s"),
        Arguments.of(
            "- name: sweeper",
            hook + "{ exec: { command: [bin/leave] } } }",
            "stop",
            "nobody knows"),
        Arguments.of(
            "- name: sweeper", hook + "{ httpGet: { path: /leave } } }", "stop", "nobody knows"),
        Arguments.of("failureThreshold: 330", "failureThreshold: 30", "start", "320 s > 29 s"),
        Arguments.of("failureThreshold: 330", "failureThreshold: 320", "start", "320 s > 319 s"),
        Arguments.of("startupProbe", "ignoredProbe", "start", "320 s > 20 s"),
        Arguments.of(
            "periodSeconds: 10, failureThreshold: 3",
            "periodSeconds: 1, failureThreshold: 2",
            "liveness",
            "3 s > 2 s"),
        Arguments.of(
            "path: /readyz }, periodSeconds: 1, failureThreshold: 1",
            "path: /readyz }, periodSeconds: 10, failureThreshold: 3",
            "liveness",
            "90 s > 30 s"),
        Arguments.of("path: /livez", "path: /readyz", "live path", "/readyz is red"),
        Arguments.of("path: /startupz", "path: /readyz", "startup path", "/readyz is red"),
        Arguments.of("readinessProbe", "ignoredProbe", "readiness", "no readinessProbe"),
        Arguments.of("maxUnavailable: 1, sel", "maxUnavailable: 0, sel", "disruption", "none of 4"),
        Arguments.of(
            "maxUnavailable: 1, sel", "minAvailable: 100%, sel", "disruption", "none of 4"));
  }

  @ParameterizedTest
  @MethodSource("brokenPods")
  void brokenPod_isRejectedWithTheNumbers(String line, String by, String check, String numbers) {
    assertTrue(POD.contains(line), line);
    assertRejected(pod(IN_A_POD, POD.replace(line, by)), check, numbers);
  }

  private static void assertRejected(List<Proof> proofs, String check, String numbers) {
    String table = String.join("\n", Proof.table(proofs));
    assertFalse(Proof.all(proofs), table);
    assertTrue(
        proofs.stream()
            .filter(proof -> proof.verdict() == Verdict.FAIL && proof.check().equals(check))
            .anyMatch(proof -> sentence(proof).contains(numbers)),
        table);
    assertTrue(
        proofs.stream().allMatch(p -> p.verdict() == Verdict.OK || !p.todo().isEmpty()), table);
  }

  private static String sentence(Proof proof) {
    return proof.needs().map(TimeSpan::text).orElse("-")
        + " > "
        + proof.has().map(TimeSpan::text).orElse("-")
        + ": "
        + proof.says();
  }

  /** Plays what systemd does to the slowest process that keeps its own limits. */
  @Test
  void provedUnits_randomLimits_killNothingThatKeepsItsOwn() {
    Random random = new Random(20_261_127);
    int proved = 0;
    for (int i = 0; i < CASES; i++) {
      Budget budget = random(random);
      UnitLimits unit =
          new UnitLimits(
              random.nextBoolean() ? "notify" : "exec",
              maybe(random, 900),
              maybe(random, 400),
              maybe(random, 60),
              "on-failure",
              Duration.ofSeconds(random.nextInt(10)),
              Set.of("64", "78"),
              Set.of("86"),
              Set.of(),
              "mixed",
              Duration.ofSeconds(random.nextInt(60)),
              random.nextInt(10));
      if (!Proof.all(BudgetProver.prove(budget, unit))) {
        continue;
      }
      proved++;
      Duration readyAt =
          Budget.BOOT
              .plus(budget.startupTasks())
              .plus(budget.startTimeout().multipliedBy(budget.startSteps()));
      assertTrue(unit.start().isEmpty() || readyAt.compareTo(unit.start().get()) <= 0);
      boolean asks = unit.type().equals("notify");
      Duration goneAt = (asks ? budget.grace() : budget.hardCap()).plus(Budget.EXIT);
      assertTrue(unit.stop().isEmpty() || goneAt.compareTo(unit.stop().get()) <= 0);
      assertTrue(budget.drain().plus(budget.killReserve()).compareTo(budget.grace()) <= 0);
      assertTrue(asks || unit.watchdog().isEmpty());
    }
    assertTrue(proved > 100, "only " + proved + " were proved: the cases say nothing");
  }

  /** Plays what the kubelet does, question by question. */
  @Test
  void provedPods_randomLimits_killNothingThatKeepsItsOwn() {
    Random random = new Random(20_261_128);
    int proved = 0;
    for (int i = 0; i < CASES; i++) {
      Budget budget = random(random);
      PodLimits pod =
          new PodLimits(
              "Pod/p",
              Duration.ofSeconds(random.nextInt(400)),
              random.nextInt(8) == 0
                  ? Optional.empty()
                  : Optional.of(Duration.ofSeconds(random.nextInt(20))),
              probe(random, 900),
              probe(random, 5),
              probe(random, 900),
              "Always",
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty());
      if (!Proof.all(BudgetProver.prove(budget, pod))) {
        continue;
      }
      proved++;
      long startedAt = budget.start().toSeconds();
      Optional<PodLimits.Probe> killer = pod.startup().or(pod::liveness);
      assertTrue(killer.isEmpty() || killedAt(killer.get()) >= startedAt, pod.toString());
      Duration goneAt = pod.preStop().orElseThrow().plus(budget.hardCap()).plus(Budget.EXIT);
      assertTrue(goneAt.compareTo(pod.grace()) <= 0, pod.toString());
    }
    assertTrue(proved > 100, "only " + proved + " were proved: the cases say nothing");
  }

  /** Asks as the kubelet does, of a container that never answers. */
  private static long killedAt(PodLimits.Probe probe) {
    long now = probe.initialDelay().toSeconds();
    int failed = 1;
    while (failed < probe.failures()) {
      now += probe.period().toSeconds();
      failed++;
    }
    return now;
  }

  private static Optional<PodLimits.Probe> probe(Random random, int failures) {
    return random.nextInt(4) == 0
        ? Optional.empty()
        : Optional.of(
            new PodLimits.Probe(
                "",
                Duration.ofSeconds(random.nextInt(60)),
                Duration.ofSeconds(1 + random.nextInt(10)),
                Duration.ofSeconds(1),
                1 + random.nextInt(failures)));
  }

  private static Optional<Duration> maybe(Random random, int seconds) {
    return random.nextInt(4) == 0
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(1 + random.nextInt(seconds)));
  }

  private static Budget random(Random random) {
    int grace = 1 + random.nextInt(120);
    return budget(
        random.nextInt(300),
        1 + random.nextInt(2),
        random.nextInt(120),
        grace,
        grace + random.nextInt(120),
        random.nextInt(40),
        random.nextInt(10));
  }

  private static Budget budget(
      int start, int steps, int tasks, int grace, int hardCap, int drain, int reserve) {
    return new Budget(
        "sweeper_IN_0",
        Duration.ofSeconds(start),
        steps,
        Duration.ofSeconds(tasks),
        Duration.ofSeconds(grace),
        Duration.ofSeconds(hardCap),
        Duration.ofSeconds(drain),
        Duration.ofSeconds(reserve));
  }

  private static List<Proof> unit(Budget budget, String text) {
    return BudgetProver.prove(budget, UnitLimits.of(UnitFile.parse(text)));
  }

  private static List<Proof> pod(Budget budget, String text) {
    return BudgetProver.prove(budget, PodFile.parse(text).limits());
  }
}
