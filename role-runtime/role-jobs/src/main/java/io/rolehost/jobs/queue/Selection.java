package io.rolehost.jobs.queue;

import io.rolehost.jobs.JobId;

/** Which dead letters are meant. */
public sealed interface Selection {

  /** One job. */
  record One(JobId id) implements Selection {}

  /** All that are there now. */
  record All() implements Selection {}

  /**
   * Those of a type, or whose failure contains a text, or both.
   *
   * @param type empty for any
   * @param text empty for any
   */
  record Matching(String type, String text) implements Selection {}

  /**
   * Returns the selector of Jakarta Messaging; of those that were there before an instant. Pure.
   */
  default String selector(long before) {
    String there = Wire.BURIED_AT + " < " + before;
    return switch (this) {
      case One(JobId id) -> Wire.ID + " = " + quoted(id.value());
      case All() -> there;
      case Matching(String type, String text) ->
          there
              + (type.isEmpty() ? "" : " AND JMSType = " + quoted(type))
              + (text.isEmpty() ? "" : " AND " + Wire.ERROR + " LIKE " + like(text));
    };
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String like(String text) {
    String literal = text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    return quoted("%" + literal + "%") + (literal.equals(text) ? "" : " ESCAPE '!'");
  }
}
