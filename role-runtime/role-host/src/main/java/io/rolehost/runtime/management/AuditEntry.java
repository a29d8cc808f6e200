package io.rolehost.runtime.management;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Somebody changed something, or tried to. Who is told apart from who they say they are. Pure.
 *
 * @param asked what: {@code POST /stop}, {@code rolehost scale}
 * @param target of what; "" if that is clear
 * @param caller whom the plane or the kernel knows: {@code operate token}, {@code user anna}
 * @param from where: an address, or {@code the node's socket}
 * @param claimed who they say they are, which nobody checks; "" if they say nothing
 * @param outcome what came of it
 * @param unsaid how many refusals before this one were not written down
 */
public record AuditEntry(
    String asked,
    String target,
    String caller,
    String from,
    String claimed,
    Outcome outcome,
    long unsaid) {

  /** The type of a journal's entries that are one of these. */
  public static final String TYPE = "audit";

  private static final int MOST = 300;

  /** Cuts what a client may make as long as it likes. */
  public AuditEntry {
    asked = cut(asked);
    target = cut(target);
    claimed = cut(claimed);
  }

  /**
   * What came of it.
   *
   * @param word {@code done}, {@code refused} or {@code failed}
   * @param said the status, or why not
   */
  public record Outcome(String word, String said) {

    /** Returns that of an HTTP status. */
    public static Outcome of(int status) {
      String word = status < 400 ? "done" : status < 500 ? "refused" : "failed";
      return new Outcome(word, Integer.toString(status));
    }
  }

  AuditEntry withUnsaid(long refusals) {
    return new AuditEntry(asked, target, caller, from, claimed, outcome, refusals);
  }

  /** Returns it as values that are JSON. */
  public Map<String, Object> detail() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("asked", asked);
    values.put("target", target);
    values.put("caller", caller);
    values.put("address", from);
    values.put("claimed", claimed);
    values.put("outcome", outcome.word());
    values.put("said", outcome.said());
    if (unsaid > 0) {
      values.put("unsaid", unsaid);
    }
    return values;
  }

  /** Returns it as a sentence. */
  public String sentence() {
    return asked
        + (target.isEmpty() ? "" : " " + target)
        + " by "
        + caller
        + " from "
        + from
        + (claimed.isEmpty() ? "" : ", who says to be " + claimed)
        + ": "
        + outcome.word()
        + " ("
        + outcome.said()
        + ")"
        + (unsaid == 0 ? "" : "; " + unsaid + " refusals before it were not written down");
  }

  private static String cut(String text) {
    return text.length() <= MOST ? text : text.substring(0, MOST) + "…";
  }
}
