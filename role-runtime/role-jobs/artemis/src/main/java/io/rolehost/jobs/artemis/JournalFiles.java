package io.rolehost.jobs.artemis;

import java.io.File;
import java.nio.ByteBuffer;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.io.IOCriticalErrorListener;
import org.apache.activemq.artemis.core.io.nio.NIOSequentialFileFactory;
import org.apache.activemq.artemis.utils.critical.CriticalAnalyzer;
import org.jspecify.annotations.Nullable;

/**
 * Files of the journal, with buffers that the garbage collector frees. Artemis 2.55 frees and
 * clears them by Netty's internals, which can't do so any more where Netty keeps off {@code
 * sun.misc.Unsafe}, as it does on Java 25: a broker then fails at the first start with a journal.
 */
final class JournalFiles extends NIOSequentialFileFactory {

  private static final int LEAST_BYTES = 4096;
  private static final int MOST_KEPT_BYTES = 1024 * 1024;

  /** One a thread, whichever files it writes. */
  private static final ThreadLocal<@Nullable ByteBuffer> KEPT = new ThreadLocal<>();

  private JournalFiles(
      File folder, boolean buffered, IOCriticalErrorListener problems, int mostWrites) {
    super(folder, buffered, problems, mostWrites);
  }

  private JournalFiles(
      Configuration settings, IOCriticalErrorListener problems, CriticalAnalyzer analyzer) {
    super(
        settings.getJournalLocation(),
        true,
        settings.getJournalBufferSize_NIO(),
        settings.getJournalBufferTimeout_NIO(),
        settings.getJournalMaxIO_NIO(),
        settings.isLogJournalWriteRate(),
        problems,
        analyzer);
  }

  /** Files that are written as they come. */
  static JournalFiles plain(File folder, IOCriticalErrorListener problems, int mostWrites) {
    return new JournalFiles(folder, false, problems, mostWrites);
  }

  /** Files whose writes are gathered for one sync. */
  static JournalFiles buffered(
      Configuration settings, IOCriticalErrorListener problems, CriticalAnalyzer analyzer) {
    return new JournalFiles(settings, problems, analyzer);
  }

  @Override
  public ByteBuffer newBuffer(int size) {
    return newBuffer(size, true);
  }

  @Override
  public ByteBuffer newBuffer(int size, boolean zeroed) {
    ByteBuffer buffer = KEPT.get();
    if (buffer == null || buffer.capacity() < size) {
      return ByteBuffer.allocateDirect(Math.max(LEAST_BYTES, size)).limit(size);
    }
    KEPT.remove();
    buffer.clear().limit(size);
    if (zeroed) {
      clearBuffer(buffer);
    }
    return buffer;
  }

  @Override
  public void releaseBuffer(ByteBuffer buffer) {
    if (!buffer.isDirect() || buffer.capacity() > MOST_KEPT_BYTES) {
      return;
    }
    ByteBuffer has = KEPT.get();
    if (has == null || has.capacity() < buffer.capacity()) {
      KEPT.set(buffer);
    }
  }

  @Override
  public void releaseDirectBuffer(ByteBuffer buffer) {
    // the garbage collector's
  }

  @Override
  public void clearBuffer(ByteBuffer buffer) {
    for (int i = 0; i < buffer.limit(); i++) {
      buffer.put(i, (byte) 0);
    }
  }
}
