package com.microsoft.windowsazure.serviceruntime;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A stream of documents, each behind a line with its length in bytes, in hexadecimal, and before a
 * line end.
 */
final class Frames {
  static final int MAX_LENGTH = 1 << 20;
  private static final int MAX_DIGITS = 16;

  private final InputStream in;

  Frames(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /**
   * Waits for the next document.
   *
   * @return null at the end of the stream
   * @throws IOException if the stream is broken, or holds something else
   */
  byte @Nullable [] next() throws IOException {
    StringBuilder digits = new StringBuilder();
    while (true) {
      int read = in.read();
      if (read < 0) {
        if (digits.length() == 0) {
          return null;
        }
        throw new EOFException("the stream of goal states ends within a length");
      }
      if (read == '\n' && digits.length() > 0) {
        break;
      }
      // A line end behind the document before is skipped here: nobody waits for it.
      if (read != '\r' && read != '\n') {
        digits.append((char) read);
        if (digits.length() > MAX_DIGITS) {
          throw new IOException("expected a length, found '" + digits + "…'");
        }
      }
    }
    byte[] document = new byte[length(digits.toString().trim())];
    int filled = 0;
    while (filled < document.length) {
      int read = in.read(document, filled, document.length - filled);
      if (read < 0) {
        throw new EOFException(
            "the stream ends " + filled + " bytes into a goal state of " + document.length);
      }
      filled += read;
    }
    return document;
  }

  private static int length(String digits) throws IOException {
    try {
      int length = Integer.parseInt(digits, 16);
      if (length > 0 && length <= MAX_LENGTH) {
        return length;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IOException(
        "expected the length of a goal state, 1 to "
            + MAX_LENGTH
            + " bytes, found '"
            + digits
            + "'");
  }
}
