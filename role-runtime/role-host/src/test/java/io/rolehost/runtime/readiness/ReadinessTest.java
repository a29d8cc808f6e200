package io.rolehost.runtime.readiness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.runtime.readiness.ReadinessFacts.CheckFact;
import io.rolehost.runtime.readiness.Verdict.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ReadinessTest {

  private static final Duration MAX_AGE = Duration.ofSeconds(30);
  private static final CheckFact DB = new CheckFact("db", true, true, true, "");

  @Test
  void verdict_allWell_isReadyAndNamesEachTerm() {
    assertEquals(
        new Verdict(
            true,
            List.of(
                new Reason(true, "state", "READY"),
                new Reason(true, "stop", "none asked"),
                new Reason(true, "freeze", "nothing holds the start"),
                new Reason(true, "lease", "none open"),
                new Reason(true, "task", "no gating task is down"),
                new Reason(true, "check", "'db' is up"),
                new Reason(true, "sample", "the oldest is 400 ms old, at most 30 s allowed"))),
        Readiness.verdict(
            facts("READY", true, false, List.of(), List.of(), List.of(), List.of(DB), 400)));
  }

  @Test
  void verdict_heldByAFreeze_saysWhoAndWhyFirst() {
    Verdict verdict =
        Readiness.verdict(
            facts(
                "HELD",
                false,
                false,
                List.of("bad release by anna"),
                List.of(),
                List.of(),
                List.of(),
                0));
    assertFalse(verdict.ready());
    assertEquals(
        List.of(
            new Reason(false, "state", "HELD takes no work"),
            new Reason(false, "freeze", "frozen: bad release by anna")),
        verdict.reasons().subList(0, 2));
    assertTrue(verdict.reasons().stream().skip(2).allMatch(Reason::ok));
  }

  @Test
  void verdict_everyTermFailing_saysAll() {
    Verdict verdict =
        Readiness.verdict(
            facts(
                "BUSY",
                true,
                true,
                List.of(),
                List.of("reindex"),
                List.of("resize"),
                List.of(
                    new CheckFact("db", true, true, false, "connection refused"),
                    new CheckFact("queue", true, false, false, "")),
                31_000));
    assertEquals(
        List.of(
            new Reason(false, "stop", "a stop was asked"),
            new Reason(false, "lease", "busy: reindex"),
            new Reason(false, "task", "task 'resize' gates readiness and is not running"),
            new Reason(false, "check", "'db' is down: connection refused"),
            new Reason(false, "check", "'queue' has not answered yet"),
            new Reason(
                false,
                "sample",
                "the health checks are not being sampled: the oldest is 31 s old, at most 30 s"
                    + " allowed (rolehost.readiness.max-age)")),
        verdict.reasons().stream().filter(reason -> !reason.ok()).toList());
  }

  @Test
  void verdict_checkThatOnlyReports_gatesNothing() {
    Verdict verdict =
        Readiness.verdict(
            facts(
                "SUSPECT",
                true,
                false,
                List.of(),
                List.of(),
                List.of(),
                List.of(new CheckFact("mail", false, true, false, "timeout")),
                99_000));
    assertTrue(verdict.ready());
    assertTrue(
        verdict
            .reasons()
            .contains(new Reason(true, "check", "'mail' is down (reported only): timeout")));
  }

  @Test
  void verdict_tenThousandLeases_isShort() {
    List<String> leases = IntStream.range(0, 10_000).mapToObj(i -> "job " + i).toList();
    Verdict verdict =
        Readiness.verdict(facts("BUSY", true, false, List.of(), leases, List.of(), List.of(), 0));
    assertEquals(26, verdict.reasons().size());
    assertEquals(
        new Reason(false, "lease", "and 9980 more of the kind"), verdict.reasons().get(20));
  }

  @Test
  void verdict_randomFacts_isReadyOnlyIfNothingFails() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      boolean takesWork = random.nextInt(8) > 0;
      boolean stop = random.nextInt(8) == 0;
      List<String> freezes = random.nextInt(8) == 0 ? List.of("f by o") : List.of();
      List<String> leases = random.nextInt(8) == 0 ? List.of("l") : List.of();
      List<String> tasks = random.nextInt(8) == 0 ? List.of("t") : List.of();
      CheckFact check =
          new CheckFact(
              "c", random.nextBoolean(), random.nextInt(4) > 0, random.nextInt(4) > 0, "");
      long age = random.nextInt(33_000);
      boolean checkFine =
          !check.gates() || (check.sampled() && check.up() && age <= MAX_AGE.toMillis());
      boolean expected =
          takesWork
              && !stop
              && freezes.isEmpty()
              && leases.isEmpty()
              && tasks.isEmpty()
              && checkFine;
      ReadinessFacts facts =
          facts("S", takesWork, stop, freezes, leases, tasks, List.of(check), age);
      Verdict verdict = Readiness.verdict(facts);
      assertEquals(expected, verdict.ready(), verdict::toString);
      assertEquals(expected, verdict.reasons().stream().allMatch(Reason::ok));
      assertEquals(expected, Readiness.isReady(facts), verdict::toString);
    }
  }

  private static ReadinessFacts facts(
      String state,
      boolean takesWork,
      boolean stopAsked,
      List<String> freezes,
      List<String> leases,
      List<String> tasksDown,
      List<CheckFact> checks,
      long ageMillis) {
    return new ReadinessFacts(
        state,
        takesWork,
        stopAsked,
        freezes,
        leases,
        tasksDown,
        checks,
        Duration.ofMillis(ageMillis),
        MAX_AGE);
  }
}
