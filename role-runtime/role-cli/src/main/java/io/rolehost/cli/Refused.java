package io.rolehost.cli;

/** A verb can't do what it was asked; the message is for a person. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1;

  private final int code;

  Refused(int code, String message) {
    super(message);
    this.code = code;
  }

  /** Returns what the command exits with. */
  int code() {
    return code;
  }
}
