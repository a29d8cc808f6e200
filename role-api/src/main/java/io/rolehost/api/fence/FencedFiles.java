package io.rolehost.api.fence;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.api.Experimental;
import io.rolehost.api.Fence;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Files that one attempt of a task may write for as long as it is current. Every method throws
 * {@link io.rolehost.api.StaleFenceException} once the fence is raised, and then has changed
 * nothing. For any thread.
 */
@Experimental
public final class FencedFiles {

  private final Fence fence;

  private FencedFiles(Fence fence) {
    this.fence = fence;
  }

  /** Returns the way to files behind {@code fence}. */
  public static FencedFiles of(Fence fence) {
    return new FencedFiles(fence);
  }

  /**
   * Writes a file as a whole: to a file beside it, forced to disk, then renamed over it. The fence
   * is checked at the beginning and right before the rename, so a reader finds the old content or
   * the new one, and nothing of an attempt that was left behind in between.
   *
   * @param file need not exist; its folder must, on a file system with an atomic rename
   * @return {@code file}
   * @throws IOException if it can't be written; what was there before is still there
   */
  public Path write(Path file, byte[] content) throws IOException {
    fence.check();
    Path whole = file.toAbsolutePath();
    Path beside =
        whole.resolveSibling(
            "." + whole.getFileName() + "." + fence.number() + "-" + UUID.randomUUID() + ".tmp");
    try {
      writeNew(beside, content);
      fence.check();
      Path _ = Files.move(beside, whole, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      boolean _ = Files.deleteIfExists(beside);
    }
    return file;
  }

  /** Writes text in UTF-8, as {@link #write} does. */
  public Path writeString(Path file, CharSequence text) throws IOException {
    return write(file, text.toString().getBytes(UTF_8));
  }

  private static void writeNew(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        int _ = channel.write(rest);
      }
      channel.force(true);
    }
  }

  /**
   * Opens a file as {@link Files#newOutputStream} does. The fence is checked now, which with the
   * usual options is when the file is emptied, and before each write; what was written before
   * stays. Nothing is buffered here; a buffer around it is refused when it is flushed.
   *
   * @return closed by the caller; closing writes nothing and is never refused
   */
  public OutputStream newOutputStream(Path file, OpenOption... options) throws IOException {
    fence.check();
    return new FencedStream(Files.newOutputStream(file, options), fence);
  }

  /**
   * Moves a file as {@link Files#move} does; the fence is checked right before.
   *
   * @return {@code target}
   */
  public Path move(Path source, Path target, CopyOption... options) throws IOException {
    fence.check();
    return Files.move(source, target, options);
  }

  /** Deletes a file if it is there; the fence is checked right before. */
  public boolean deleteIfExists(Path file) throws IOException {
    fence.check();
    return Files.deleteIfExists(file);
  }

  /** Checks before each write. */
  private static final class FencedStream extends OutputStream {

    private final OutputStream file;
    private final Fence fence;

    FencedStream(OutputStream file, Fence fence) {
      this.file = file;
      this.fence = fence;
    }

    @Override
    public void write(int b) throws IOException {
      fence.check();
      file.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      fence.check();
      file.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      file.flush();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
