package io.rolehost.runtime.process;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stands between those who print and a stream that may block for ever, such as a pipe that nobody
 * reads. One daemon thread writes; whoever prints is held up for a bounded time or not at all. What
 * finds no room is dropped and counted. Safe for all threads.
 */
final class OutputQueue {

  /** Where the bytes end up. Called by the writing thread alone. */
  interface Sink {
    void write(Piece piece) throws IOException;

    /** Called when lines were lost, as soon as there is room again. */
    void dropped(long lines) throws IOException;
  }

  /** Bytes to write, for standard error if the sink knows two streams. */
  static final class Piece {
    private final boolean error;
    private final byte[] bytes;

    /** Keeps the array: it must not be changed any more. */
    Piece(boolean error, byte[] bytes) {
      this.error = error;
      this.bytes = bytes;
    }

    boolean error() {
      return error;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  private static final int CAPACITY_BYTES = 1 << 20;

  /** The rest is the host's own, so that a role that prints much does not silence it. */
  private static final int SHARE_OF_OTHERS_BYTES = CAPACITY_BYTES / 4 * 3;

  private final Sink sink;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private int bytes;
  private long accepted;
  private long done;
  private long dropped;
  private boolean stalled;
  private boolean closed;
  private @Nullable String problem;

  private OutputQueue(Sink sink) {
    this.sink = sink;
  }

  static OutputQueue start(String threadName, Sink sink) {
    OutputQueue queue = new OutputQueue(sink);
    Thread.ofPlatform().name(threadName).daemon().start(queue::writeAll);
    return queue;
  }

  /** Adds a piece of the host's own if there is room; never waits. */
  void offer(Piece piece) {
    add(piece, CAPACITY_BYTES, Duration.ZERO);
  }

  /**
   * Adds a piece of somebody else's. Waits for room, but not again until the stream has moved: a
   * stream that stands still costs its users one wait.
   */
  void offer(Piece piece, Duration patience) {
    add(piece, SHARE_OF_OTHERS_BYTES, patience);
  }

  private void add(Piece piece, int capacity, Duration patience) {
    lock.lock();
    try {
      long left = stalled ? 0 : patience.toNanos();
      while (bytes > 0 && bytes + piece.bytes().length > capacity && !closed) {
        if (left <= 0) {
          stalled = stalled || !patience.isZero();
          dropped++;
          return;
        }
        left = changed.awaitNanos(left);
      }
      if (closed) {
        return;
      }
      pieces.add(piece);
      bytes += piece.bytes().length;
      accepted++;
      changed.signalAll();
    } catch (InterruptedException e) {
      dropped++;
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until what was added before is written.
   *
   * @return false if that took longer than the limit
   */
  boolean flush(Duration limit) {
    lock.lock();
    try {
      long until = accepted;
      long left = limit.toNanos();
      while (done < until) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more; the thread ends when all is written. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns why writing failed the last time, or null. */
  @Nullable String problem() {
    lock.lock();
    try {
      return problem;
    } finally {
      lock.unlock();
    }
  }

  private void writeAll() {
    try {
      while (true) {
        long lost;
        Piece piece;
        lock.lockInterruptibly();
        try {
          while (pieces.isEmpty() && !closed) {
            changed.await();
          }
          Piece first = pieces.poll();
          if (first == null) {
            return;
          }
          piece = first;
          lost = dropped;
        } finally {
          lock.unlock();
        }
        String failure = write(piece, lost);
        lock.lock();
        try {
          bytes -= piece.bytes().length;
          done++;
          dropped -= lost;
          stalled = false;
          problem = failure;
          changed.signalAll();
        } finally {
          lock.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable String write(Piece piece, long lost) {
    try {
      if (lost > 0) {
        sink.dropped(lost);
      }
      sink.write(piece);
      return null;
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
