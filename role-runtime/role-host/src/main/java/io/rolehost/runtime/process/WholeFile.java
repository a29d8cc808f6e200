package io.rolehost.runtime.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes small files that others read: whole or not at all, in place of what was there. */
public final class WholeFile {

  private WholeFile() {}

  /**
   * Writes a file.
   *
   * @param durably whether it is to outlive a loss of power
   * @throws IOException if it can't be written; what was there is still there then
   */
  public static void write(Path file, String text, boolean durably) throws IOException {
    write(file, text, durably, new FileAttribute<?>[0]);
  }

  /**
   * Writes a file so that only this user can ever read it (mode 0600).
   *
   * @throws IOException if it can't be written; what was there is still there then
   */
  public static void writeForOwner(Path file, String text) throws IOException {
    List<FileAttribute<?>> attributes = new ArrayList<>();
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      attributes.add(
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    write(file, text, false, attributes.toArray(FileAttribute<?>[]::new));
  }

  private static void write(Path file, String text, boolean durably, FileAttribute<?>[] attributes)
      throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    try (FileChannel opened =
        FileChannel.open(
            draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      fill(opened, text);
      if (durably) {
        opened.force(true);
      }
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Writes all of a text where the channel is. */
  static void fill(FileChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
