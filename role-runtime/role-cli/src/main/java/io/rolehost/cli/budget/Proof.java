package io.rolehost.cli.budget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One line of a proof.
 *
 * @param check what was looked at, in two words at most
 * @param needs the least that must be granted; empty if it is not about a time
 * @param has what is granted; empty = without limit, or not about a time
 * @param says why, in one sentence without a full stop
 * @param todo what to change; empty if nothing
 */
public record Proof(
    String check,
    Verdict verdict,
    Optional<Duration> needs,
    Optional<Duration> has,
    String says,
    String todo) {

  /** What came out. */
  public enum Verdict {
    /** It fits, whatever happens. */
    OK("ok"),
    /** It works, and there is a better way. */
    WARN("warn"),
    /** It does not fit. */
    FAIL("fail");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }

    /** Returns the word for it in a table. */
    public String word() {
      return word;
    }
  }

  static Proof ok(String check, String says) {
    return new Proof(check, Verdict.OK, Optional.empty(), Optional.empty(), says, "");
  }

  static Proof warn(String check, String says, String todo) {
    return new Proof(check, Verdict.WARN, Optional.empty(), Optional.empty(), says, todo);
  }

  static Proof fail(String check, String says, String todo) {
    return new Proof(check, Verdict.FAIL, Optional.empty(), Optional.empty(), says, todo);
  }

  /**
   * Compares what is needed with what is granted.
   *
   * @param has empty = without limit
   */
  static Proof fits(
      String check, Duration needs, Optional<Duration> has, String says, String todo) {
    boolean fits = has.isEmpty() || has.get().compareTo(needs) >= 0;
    return new Proof(
        check, fits ? Verdict.OK : Verdict.FAIL, Optional.of(needs), has, says, fits ? "" : todo);
  }

  /**
   * Compares what a role takes by itself with what its node leaves it.
   *
   * @param killAfter how long after TERM the node kills it
   */
  public static Proof leaves(String role, Budget budget, Duration killAfter) {
    return fits(
        "node's kill",
        budget.stop(),
        Optional.of(killAfter),
        role
            + " is killed by the node; "
            + TimeSpan.text(budget.grace())
            + " rolehost.stop.grace + "
            + TimeSpan.text(Budget.EXIT)
            + " for the exit",
        "Set stop-grace = " + TimeSpan.seconds(budget.stop()) + "s in the solution");
  }

  /** Returns whether all of it holds. */
  public static boolean all(List<Proof> proofs) {
    return proofs.stream().noneMatch(proof -> proof.verdict() == Verdict.FAIL);
  }

  /** Returns a table with a head, a line a proof, and below it what is to be done. */
  public static List<String> table(List<Proof> proofs) {
    List<String> lines = new ArrayList<>();
    lines.add(line("", "CHECK", "NEEDS", "HAS", "BECAUSE"));
    for (Proof proof : proofs) {
      String has = proof.has().map(TimeSpan::text).orElse(proof.needs().isPresent() ? "any" : "-");
      lines.add(
          line(
              proof.verdict().word(),
              proof.check(),
              proof.needs().map(TimeSpan::text).orElse("-"),
              has,
              proof.says()));
      if (!proof.todo().isEmpty()) {
        lines.add(line("", "", "", "", "-> " + proof.todo()));
      }
    }
    return lines;
  }

  private static String line(String verdict, String check, String needs, String has, String says) {
    return String.format("%-4s  %-11s  %-7s  %-7s  %s", verdict, check, needs, has, says);
  }

  /** Returns it as values of JSON. */
  public Map<String, Object> toMap() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("check", check);
    values.put("result", verdict.word());
    needs.ifPresent(time -> values.put("needsMillis", time.toMillis()));
    has.ifPresent(time -> values.put("hasMillis", time.toMillis()));
    values.put("says", says);
    if (!todo.isEmpty()) {
      values.put("todo", todo);
    }
    return values;
  }
}
