package io.rolehost.samples.photos;

import java.io.IOException;

/** No more photos are taken for now: too many wait, or the disk takes no more. Try again later. */
public final class StoreFullException extends IOException {
  private static final long serialVersionUID = 1;

  /** Creates the exception with the figures that explain it. */
  public StoreFullException(String message) {
    super(message);
  }

  StoreFullException(String message, IOException cause) {
    super(message, cause);
  }
}
