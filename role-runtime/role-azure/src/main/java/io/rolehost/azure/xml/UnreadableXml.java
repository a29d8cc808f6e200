package io.rolehost.azure.xml;

/** A file can't be read, or is refused; the message is one sentence with its place. */
public final class UnreadableXml extends Exception {
  private static final long serialVersionUID = 1;

  UnreadableXml(String sentence) {
    super(sentence);
  }

  /** Returns the sentence. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
