package io.rolehost.samples.photos;

import java.io.IOException;

/** No more photos are taken for now: too many wait, or the disk takes no more. Try again later. */
public final class SpoolFullException extends IOException {
  private static final long serialVersionUID = 1;

  /** Creates the exception with the figures that explain it. */
  public SpoolFullException(String message) {
    super(message);
  }

  SpoolFullException(String message, IOException cause) {
    super(message, cause);
  }
}
