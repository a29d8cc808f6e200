package io.rolehost.node.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into lines. A line that does not end is cut at a limit, so a program that
 * prints without newlines costs no memory. For one thread.
 */
final class LineSplitter {
  static final int MAX_LINE_BYTES = 16 * 1024;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private final Consumer<String> lines;

  LineSplitter(Consumer<String> lines) {
    this.lines = lines;
  }

  void accept(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        flush();
      } else {
        line.write(bytes[i]);
        if (line.size() >= MAX_LINE_BYTES) {
          flush();
        }
      }
    }
  }

  /** Hands out a last line without an end. */
  void end() {
    if (line.size() > 0) {
      flush();
    }
  }

  private void flush() {
    String text = line.toString(UTF_8);
    line.reset();
    lines.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }
}
