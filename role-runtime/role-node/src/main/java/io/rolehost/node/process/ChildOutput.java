package io.rolehost.node.process;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Where the lines of a child are kept: the file of its incarnation. A hot spare has none before it
 * is promoted; its last lines wait for that. Thread-safe.
 */
final class ChildOutput implements AutoCloseable {
  private static final int EARLY_LINES = 500;

  private final Deque<String> early = new ArrayDeque<>();
  private @Nullable OutputFile file;
  private boolean closed;

  /** From now on lines are written to {@code opened}, those that waited first. */
  synchronized void to(OutputFile opened) {
    early.forEach(opened::write);
    early.clear();
    opened.flush();
    if (closed) {
      opened.close();
    } else {
      file = opened;
    }
  }

  synchronized void write(String line) {
    if (file != null) {
      file.write(line);
      return;
    }
    if (early.size() == EARLY_LINES) {
      early.removeFirst();
    }
    early.add(line);
  }

  synchronized void flush() {
    if (file != null) {
      file.flush();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (file != null) {
      file.close();
    }
  }
}
