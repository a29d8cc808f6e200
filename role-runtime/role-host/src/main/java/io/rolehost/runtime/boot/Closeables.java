package io.rolehost.runtime.boot;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What the role wants closed at its stop, in reverse order. Thread-safe. */
final class Closeables {

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private boolean closing;

  /**
   * Takes a resource.
   *
   * @throws IllegalStateException if the others are already being closed; this one then is, too
   */
  <T extends AutoCloseable> T add(T resource) {
    synchronized (open) {
      if (!closing) {
        open.push(resource);
        return resource;
      }
    }
    IllegalStateException tooLate =
        new IllegalStateException("the role has stopped: its resources are being closed");
    try {
      resource.close();
    } catch (Exception e) {
      tooLate.addSuppressed(e);
    }
    throw tooLate;
  }

  /** Closes all, the last one first; goes on past what throws. */
  void close() throws Exception {
    Exception first = null;
    for (AutoCloseable next = take(); next != null; next = take()) {
      try {
        next.close();
      } catch (Exception e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private @Nullable AutoCloseable take() {
    synchronized (open) {
      closing = true;
      return open.poll();
    }
  }
}
