package io.rolehost.samples.photos;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Every change that the store makes to its folder, one at a time, so that a test can end the world
 * before each of them.
 */
class Disk {
  private static final int CHUNK = 64 * 1024;

  /** Called before each change; does nothing outside of tests. */
  void step(String change) throws IOException {}

  /**
   * Writes a new file and has it reach the disk.
   *
   * @param limit no more than one byte past it is read
   * @return how many bytes were read
   */
  long write(Path file, InputStream content, long limit) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long total = 0;
    try (FileChannel channel = create(file)) {
      for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
        total += read;
        if (total > limit) {
          return total;
        }
        append(channel, ByteBuffer.wrap(chunk, 0, read), file);
      }
      step("sync " + file);
      channel.force(true);
    }
    return total;
  }

  /** Renames, atomically. */
  void move(Path from, Path to) throws IOException {
    step("move " + from + " to " + to);
    Files.move(from, to, ATOMIC_MOVE);
  }

  /** Has the names in a folder reach the disk. */
  void syncFolder(Path folder) throws IOException {
    step("sync " + folder);
    try (FileChannel channel = FileChannel.open(folder, READ)) {
      channel.force(true);
    }
  }

  void delete(Path file) throws IOException {
    step("delete " + file);
    Files.deleteIfExists(file);
  }

  private FileChannel create(Path file) throws IOException {
    step("create " + file);
    return FileChannel.open(file, CREATE_NEW, WRITE);
  }

  private void append(FileChannel channel, ByteBuffer bytes, Path file) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        step("append to " + file);
        channel.write(bytes);
      }
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw new StoreFullException(file + " can't be written: " + e.getMessage(), e);
    }
  }
}
