package io.rolehost.api.http;

import java.io.IOException;

/**
 * The body is larger than the endpoint's {@code max-body}. Left to the host it is answered with
 * 413.
 */
public final class BodyTooLargeException extends IOException {
  private static final long serialVersionUID = 1;

  /** Creates the exception with a message that names the limit. */
  public BodyTooLargeException(String message) {
    super(message);
  }
}
