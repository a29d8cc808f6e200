package io.rolehost.runtime.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.function.Consumer;

/**
 * Makes lines of bytes that arrive in pieces. A line longer than the bound comes in parts. For one
 * thread at a time.
 */
final class LineSplitter {
  private static final int MAX_BYTES = 8_192;

  private final Charset charset;
  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  LineSplitter(Charset charset, Consumer<String> lines) {
    this.charset = charset;
    this.lines = lines;
  }

  void accept(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == '\n') {
        emit();
      } else {
        line.write(bytes[i]);
        if (line.size() >= MAX_BYTES) {
          emit();
        }
      }
    }
  }

  /** Emits what has no line end yet. */
  void finish() {
    if (line.size() > 0) {
      emit();
    }
  }

  private void emit() {
    String text = line.toString(charset);
    line.reset();
    lines.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }
}
