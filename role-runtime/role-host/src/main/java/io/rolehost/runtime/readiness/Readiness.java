package io.rolehost.runtime.readiness;

import io.rolehost.runtime.readiness.ReadinessFacts.CheckFact;
import io.rolehost.runtime.readiness.Verdict.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The rule of {@code /readyz}. Ready is an instance whose state takes work, of which no stop was
 * asked, which nothing freezes, which holds no busy lease, whose gating tasks run and whose gating
 * health checks are up by a fresh sample.
 */
public final class Readiness {

  /** Lines of one kind in an answer; a prober reads little, and 10,000 leases say one thing. */
  private static final int LINES_OF_A_KIND = 20;

  private Readiness() {}

  /** Decides. The same facts always give the same verdict. */
  public static Verdict verdict(ReadinessFacts facts) {
    List<Reason> terms = new ArrayList<>();
    terms.add(state(facts));
    terms.add(
        facts.stopAsked()
            ? new Reason(false, "stop", "a stop was asked")
            : new Reason(true, "stop", "none asked"));
    terms.addAll(
        each("freeze", facts.freezes(), freeze -> "frozen: " + freeze, "nothing holds the start"));
    terms.addAll(each("lease", facts.leases(), lease -> "busy: " + lease, "none open"));
    terms.addAll(
        each(
            "task",
            facts.tasksDown(),
            task -> "task '" + task + "' gates readiness and is not running",
            "no gating task is down"));
    for (CheckFact check : facts.checks()) {
      terms.add(check(check));
    }
    terms.add(sample(facts));
    List<Reason> failingFirst = new ArrayList<>(terms.size());
    for (Reason term : terms) {
      if (!term.ok()) {
        failingFirst.add(term);
      }
    }
    boolean ready = failingFirst.isEmpty();
    for (Reason term : terms) {
      if (term.ok()) {
        failingFirst.add(term);
      }
    }
    return new Verdict(ready, failingFirst);
  }

  /**
   * Returns what {@link #verdict} says of these facts, without the words: most probes want no more,
   * and the words are most of the work.
   */
  public static boolean isReady(ReadinessFacts facts) {
    if (!facts.stateTakesWork()
        || facts.stopAsked()
        || !facts.freezes().isEmpty()
        || !facts.leases().isEmpty()
        || !facts.tasksDown().isEmpty()) {
      return false;
    }
    boolean anyGates = false;
    for (CheckFact check : facts.checks()) {
      if (check.gates() && !(check.sampled() && check.up())) {
        return false;
      }
      anyGates |= check.gates();
    }
    return !anyGates || facts.sampleAge().compareTo(facts.maxAge()) <= 0;
  }

  private static Reason state(ReadinessFacts facts) {
    return facts.stateTakesWork()
        ? new Reason(true, "state", facts.state())
        : new Reason(false, "state", facts.state() + " takes no work");
  }

  private static List<Reason> each(
      String name, List<String> failing, UnaryOperator<String> text, String fine) {
    if (failing.isEmpty()) {
      return List.of(new Reason(true, name, fine));
    }
    List<Reason> reasons = new ArrayList<>();
    for (String one : failing.subList(0, Math.min(failing.size(), LINES_OF_A_KIND))) {
      reasons.add(new Reason(false, name, text.apply(one)));
    }
    if (failing.size() > LINES_OF_A_KIND) {
      reasons.add(
          new Reason(
              false, name, "and " + (failing.size() - LINES_OF_A_KIND) + " more of the kind"));
    }
    return reasons;
  }

  private static Reason check(CheckFact check) {
    String state = !check.sampled() ? "has not answered yet" : check.up() ? "is up" : "is down";
    String remark = check.message().isEmpty() ? "" : ": " + check.message();
    String scope = check.gates() ? "" : " (reported only)";
    boolean fine = !check.gates() || (check.sampled() && check.up());
    return new Reason(fine, "check", "'" + check.name() + "' " + state + scope + remark);
  }

  private static Reason sample(ReadinessFacts facts) {
    boolean any = facts.checks().stream().anyMatch(check -> check.gates() && check.sampled());
    if (!any) {
      return new Reason(true, "sample", "nothing is sampled that gates");
    }
    String ages =
        seconds(facts.sampleAge()) + " old, at most " + seconds(facts.maxAge()) + " allowed";
    return facts.sampleAge().compareTo(facts.maxAge()) <= 0
        ? new Reason(true, "sample", "the oldest is " + ages)
        : new Reason(
            false,
            "sample",
            "the health checks are not being sampled: the oldest is "
                + ages
                + " (rolehost.readiness.max-age)");
  }

  private static String seconds(Duration duration) {
    long millis = duration.toMillis();
    return millis < 1000 ? millis + " ms" : millis / 1000 + " s";
  }
}
