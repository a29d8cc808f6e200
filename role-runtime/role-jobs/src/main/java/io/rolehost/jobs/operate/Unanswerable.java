package io.rolehost.jobs.operate;

import io.rolehost.jobs.JobId;
import java.util.Map;

/** A request can't be answered; the message is for whoever asked. */
final class Unanswerable extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;

  Unanswerable(int status, String message) {
    super(message);
    this.status = status;
  }

  /** Returns the HTTP status that says so. */
  int status() {
    return status;
  }

  static String required(Map<String, String> query, String name) throws Unanswerable {
    String value = query.getOrDefault(name, "").strip();
    if (value.isEmpty()) {
      throw new Unanswerable(400, "Say which: the parameter " + name + " is missing");
    }
    return value;
  }

  static int number(Map<String, String> query, String name, int otherwise, int most)
      throws Unanswerable {
    String text = query.getOrDefault(name, "");
    try {
      int number = text.isEmpty() ? otherwise : Integer.parseInt(text);
      if (number >= 1) {
        return Math.min(number, most);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new Unanswerable(400, name + " is a number from 1, was \"" + text + "\"");
  }

  static JobId id(String text) throws Unanswerable {
    try {
      return new JobId(text);
    } catch (IllegalArgumentException e) {
      throw new Unanswerable(400, String.valueOf(e.getMessage()));
    }
  }
}
