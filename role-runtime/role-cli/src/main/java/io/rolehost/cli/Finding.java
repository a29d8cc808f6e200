package io.rolehost.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one check of {@code doctor} found.
 *
 * @param check its name, two words at most
 * @param says what is so, in one sentence
 * @param todo what to do about it; empty if nothing
 */
record Finding(String check, Result result, String says, String todo) {

  /** How bad it is. */
  enum Result {
    /** Nothing to do. */
    OK("ok"),
    /** Roles run, and something that they can do will not work. */
    WARN("warn"),
    /** A role would be refused its start now; later it may not. */
    FAIL_NOW("fail"),
    /** A role can't start before somebody changes something. */
    FAIL("fail");

    private final String word;

    Result(String word) {
      this.word = word;
    }
  }

  static Finding ok(String check, String says) {
    return new Finding(check, Result.OK, says, "");
  }

  static Finding warn(String check, String says, String todo) {
    return new Finding(check, Result.WARN, says, todo);
  }

  static Finding failNow(String check, String says, String todo) {
    return new Finding(check, Result.FAIL_NOW, says, todo);
  }

  static Finding fail(String check, String says, String todo) {
    return new Finding(check, Result.FAIL, says, todo);
  }

  /** Returns the word that its line begins with. */
  String word() {
    return result.word;
  }

  /** Returns it as one line of a table. */
  String line() {
    return String.format("%-4s  %-15s  %s", result.word, check, says)
        + (todo.isEmpty() ? "" : ". " + todo);
  }

  Map<String, Object> toMap() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("check", check);
    values.put("result", result.word);
    values.put("says", says);
    if (!todo.isEmpty()) {
      values.put("todo", todo);
    }
    return values;
  }
}
