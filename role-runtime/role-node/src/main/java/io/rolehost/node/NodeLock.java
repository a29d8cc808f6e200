package io.rolehost.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.node.control.ControlClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that one node at a time works on a state directory. The kernel frees it at the end.
 */
final class NodeLock implements AutoCloseable {
  private final FileChannel channel;

  private NodeLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock and writes the process id into it.
   *
   * @throws Taken if another node has it
   * @throws IOException if the state directory can't be written
   */
  static NodeLock take(Path stateDir) throws IOException, Taken {
    Path file = stateDir.resolve("run").resolve("node.lock");
    Files.createDirectories(stateDir.resolve("run"));
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null; // this very process has it
    }
    if (lock == null) {
      channel.close();
      throw new Taken(Files.readString(file).strip(), stateDir);
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)));
    return new NodeLock(channel);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Another node works there. */
  static final class Taken extends Exception {
    private static final long serialVersionUID = 1;

    Taken(String pid, Path stateDir) {
      super(
          "A node already runs with the state directory "
              + stateDir
              + ", process "
              + pid
              + ", socket "
              + ControlClient.of(stateDir).socket()
              + ". Nothing was changed. See  rolehost status , or choose another by  "
              + "ROLEHOST_STATE_DIR=…");
    }
  }
}
