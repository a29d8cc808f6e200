package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads whole lines from the end of a growing file. For one thread. */
final class LogTail {
  private static final int MAX_CHUNK = 1024 * 1024;

  private final Path file;
  private long position;

  private LogTail(Path file, long position) {
    this.file = file;
    this.position = position;
  }

  /** Reads from the beginning of a file. */
  static LogTail fromStart(Path file) {
    return new LogTail(file, 0);
  }

  /** Reads from somewhere before the end: as far back as a chunk goes. */
  static LogTail nearEnd(Path file) throws IOException {
    LogTail tail = new LogTail(file, Math.max(0, Files.size(file) - MAX_CHUNK));
    if (tail.position > 0) {
      tail.position--;
      var _ = tail.next(1); // what is left of a line that began earlier
    }
    return tail;
  }

  Path file() {
    return file;
  }

  /** Returns the whole lines that were not read yet, as many as are there. */
  List<String> next() throws IOException {
    return next(Integer.MAX_VALUE);
  }

  private List<String> next(int most) throws IOException {
    List<String> lines = new ArrayList<>();
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long size = channel.size();
      if (size < position) {
        position = 0; // the full file was moved aside, this is the one after it
      }
      ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(MAX_CHUNK, size - position));
      channel.position(position);
      while (chunk.hasRemaining() && channel.read(chunk) >= 0) {
        // one read may bring less than is there
      }
      byte[] bytes = chunk.array();
      int start = 0;
      for (int i = 0; i < chunk.position() && lines.size() < most; i++) {
        if (bytes[i] == '\n') {
          lines.add(new String(bytes, start, i - start, UTF_8));
          start = i + 1;
        }
      }
      if (start == 0 && chunk.position() == MAX_CHUNK) {
        lines.add(new String(bytes, UTF_8)); // a line longer than anybody reads: in pieces
        start = MAX_CHUNK;
      }
      position += start;
    } catch (NoSuchFileException e) {
      return List.of(); // of an incarnation too long ago
    }
    return lines;
  }
}
