package io.rolehost.runtime.boot;

/** A start that can't even begin. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1;
  private final int code;

  /**
   * Refuses a start.
   *
   * @param code the exit code
   * @param text for an operator
   */
  Refused(int code, String text) {
    super(text);
    this.code = code;
  }

  int code() {
    return code;
  }
}
