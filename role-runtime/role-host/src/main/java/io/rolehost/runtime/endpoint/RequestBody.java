package io.rolehost.runtime.endpoint;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way from the event loop to the thread of a handler. Bounded: the event loop reads
 * from the socket only while less than {@link #HIGH_WATER} bytes wait here, so a slow handler slows
 * its client down.
 */
final class RequestBody extends InputStream {

  /** In bytes. What arrives on top of it is at most what one read of the socket brought. */
  static final int HIGH_WATER = 64 * 1024;

  /** How the body reaches back to its connection; called on the thread of the reader. */
  interface Source {
    /** The reader waits for bytes. */
    void wanted();
  }

  /** The rest of the body will not come. */
  static final class UnfinishedException extends IOException {
    private static final long serialVersionUID = 1;

    UnfinishedException(String message) {
      super(message);
    }
  }

  private final Source source;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>();
  private int queued;
  private boolean ended;
  private boolean closed;
  private boolean wanted;
  private volatile boolean waiting;
  private @Nullable IOException failure;

  RequestBody(Source source) {
    this.source = source;
  }

  /** Takes over {@code chunk}; returns whether there is room for more. */
  boolean offer(ByteBuf chunk) {
    lock.lock();
    try {
      if (closed || failure != null || !chunk.isReadable()) {
        chunk.release();
        return !closed && failure == null;
      }
      chunks.add(chunk);
      queued += chunk.readableBytes();
      changed.signalAll();
      wanted = queued < HIGH_WATER;
      return wanted;
    } finally {
      lock.unlock();
    }
  }

  /** The body is whole. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The rest will not come: thrown to the reader after what has come. The first one stays. */
  void fail(IOException cause) {
    lock.lock();
    try {
      if (!ended && failure == null) {
        failure = cause;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether a reader is blocked until the client sends more. */
  boolean isWaiting() {
    return waiting;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      while (true) {
        if (closed) {
          throw new IOException("the request has been answered: its body can't be read any more");
        }
        ByteBuf chunk = chunks.peek();
        if (chunk != null) {
          return take(chunk, bytes, offset, length);
        }
        if (failure != null) {
          throw failure;
        }
        if (ended) {
          return -1;
        }
        await();
      }
    } finally {
      lock.unlock();
    }
  }

  private int take(ByteBuf chunk, byte[] bytes, int offset, int length) {
    int taken = Math.min(length, chunk.readableBytes());
    chunk.readBytes(bytes, offset, taken);
    queued -= taken;
    if (!chunk.isReadable()) {
      chunks.remove();
      chunk.release();
    }
    if (queued < HIGH_WATER / 2 && !ended) {
      want();
    }
    return taken;
  }

  @SuppressWarnings("WaitNotInLoop") // its only caller loops
  private void await() throws IOException {
    want();
    waiting = true;
    try {
      changed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the body of the request", e);
    } finally {
      waiting = false;
    }
  }

  /** The connection only queues a task: no foreign code runs under the lock. */
  private void want() {
    if (!wanted && failure == null) {
      wanted = true;
      source.wanted();
    }
  }

  @Override
  public int available() {
    lock.lock();
    try {
      return closed ? 0 : queued;
    } finally {
      lock.unlock();
    }
  }

  /** Whoever closes it does not want the rest, which is then thrown away. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      queued = 0;
      chunks.forEach(ByteBuf::release);
      chunks.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
