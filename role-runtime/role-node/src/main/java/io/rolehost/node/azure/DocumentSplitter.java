package io.rolehost.node.azure;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the documents in what comes through a pipe, where nothing but their last tag tells their
 * end. What is too long for one is thrown away up to the next of these tags. For one thread.
 */
public final class DocumentSplitter {
  private static final byte[] LAST = "</CurrentState>".getBytes(US_ASCII);

  private final ByteArrayOutputStream document = new ByteArrayOutputStream();
  private int matched;
  private boolean tooLong;

  /** Takes the next bytes, and returns the documents that end in them. */
  public List<byte[]> accept(byte[] bytes, int length) {
    List<byte[]> whole = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      if (document.size() < CurrentState.MAX_BYTES) {
        document.write(bytes[i]);
      } else {
        tooLong = true;
      }
      matched = bytes[i] == LAST[matched] ? matched + 1 : bytes[i] == LAST[0] ? 1 : 0;
      if (matched == LAST.length) {
        // What is too long is handed out torn, so that somebody says so.
        whole.add(tooLong ? new byte[CurrentState.MAX_BYTES + 1] : document.toByteArray());
        document.reset();
        matched = 0;
        tooLong = false;
      }
    }
    return whole;
  }
}
