package io.rolehost.jobs;

/**
 * The name of a job, unique for ever.
 *
 * @param value letters, digits, dot, dash, underscore, colon and at sign; 1 to 200
 */
public record JobId(String value) {

  /** Checks the form, since ids come in by URL. */
  public JobId {
    if (!value.matches("[A-Za-z0-9._:@-]{1,200}")) {
      throw new IllegalArgumentException(
          "A job id has 1 to 200 letters, digits and . _ : @ -, was \"" + value + "\"");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
