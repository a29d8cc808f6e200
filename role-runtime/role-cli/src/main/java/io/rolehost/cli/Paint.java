package io.rolehost.cli;

/** A colour of a terminal, one of those that can be read on dark and on light. */
enum Paint {
  PLAIN(""),
  BOLD("1"),
  GREEN("32"),
  YELLOW("33"),
  RED("31"),
  CYAN("36");

  private final String code;

  Paint(String code) {
    this.code = code;
  }

  /** Returns a text in it. */
  String on(String text) {
    return code.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }

  /** Returns that of a word for how something is: the words of the tables and of the doctor. */
  static Paint of(String word) {
    return switch (word) {
      case "ready", "ok", "done" -> GREEN;
      case "starting", "stopping", "warn", "running" -> YELLOW;
      case "not ready", "waiting to retry", "fail", "failed" -> RED;
      case "frozen" -> CYAN;
      default -> PLAIN;
    };
  }
}
