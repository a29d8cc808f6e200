package io.rolehost.samples.photos;

/** What was sent is not taken, and sending it again would not help. */
public final class RefusedPhotoException extends Exception {
  private static final long serialVersionUID = 1;

  /** What is wrong. */
  public enum Why {
    EMPTY,
    TOO_MANY_BYTES,
    NOT_A_PHOTO,
    BROKEN,
    TOO_MANY_PIXELS
  }

  private final Why why;

  /** Creates the exception with a sentence for the sender. */
  public RefusedPhotoException(Why why, String message) {
    super(message);
    this.why = why;
  }

  /** Returns what is wrong. */
  public Why why() {
    return why;
  }
}
