package io.rolehost.node.swap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * {@code <state-dir>/side}: whether a deployment is in production or in staging. Role hosts follow
 * it; no file means that there is no other side, so production.
 */
public final class SideFile {
  /** What is in the file of the side that serves. */
  public static final String PRODUCTION = "production";

  /** What is in the file of the other. */
  public static final String STAGING = "staging";

  private final Path file;

  private SideFile(Path file) {
    this.file = file;
  }

  /** The side of the deployment with this state directory. */
  public static SideFile of(Path stateDir) {
    return new SideFile(stateDir.resolve("side"));
  }

  /** Returns the word in it; empty if there is no file. */
  public Optional<String> read() throws IOException {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Replaces it; it is on the disk when this returns. */
  public void write(String side) throws IOException {
    replace(file, side + "\n");
  }

  /** Replaces a file as a whole; what was written is on the disk when this returns. */
  static void replace(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    if (Files.exists(file)) {
      Files.setPosixFilePermissions(draft, Files.getPosixFilePermissions(file));
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder = FileChannel.open(file.toAbsolutePath().resolveSibling("."))) {
      folder.force(true);
    }
  }
}
