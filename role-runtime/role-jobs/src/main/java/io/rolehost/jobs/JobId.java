package io.rolehost.jobs;

/**
 * The name of a job, unique for ever.
 *
 * @param value letters, digits, dot, dash, underscore, colon and at sign; 1 to 200
 */
public record JobId(String value) {

  private static final int LONGEST = 200;

  /** Checks the form, since ids come in by URL. */
  public JobId {
    if (!isWellFormed(value)) {
      throw new IllegalArgumentException(
          "A job id has 1 to 200 letters, digits and . _ : @ -, was \"" + value + "\"");
    }
  }

  /** Each message has one, so no regular expression. */
  private static boolean isWellFormed(String value) {
    if (value.isEmpty() || value.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean digit = c >= '0' && c <= '9';
      if (!letter && !digit && "._:@-".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return value;
  }
}
