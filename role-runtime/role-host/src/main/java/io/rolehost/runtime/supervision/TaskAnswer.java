package io.rolehost.runtime.supervision;

/**
 * What came of an operator's wish.
 *
 * @param outcome whether it is done
 * @param text one sentence for the operator
 */
public record TaskAnswer(Outcome outcome, String text) {

  /** Whether a wish came true. */
  public enum Outcome {
    /** It is under way. */
    DONE,
    /** There is no such task. */
    UNKNOWN,
    /** The task is in no state for it. */
    IMPOSSIBLE
  }

  static TaskAnswer done(String text) {
    return new TaskAnswer(Outcome.DONE, text);
  }

  static TaskAnswer unknown(String text) {
    return new TaskAnswer(Outcome.UNKNOWN, text);
  }

  static TaskAnswer impossible(String text) {
    return new TaskAnswer(Outcome.IMPOSSIBLE, text);
  }
}
