package io.rolehost.jobs.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A broker in this process, for all that share a directory: one at a time by a lock on a file,
 * which the system frees with the process; its address is in {@code broker.conf} as long as it
 * runs.
 */
public final class BrokerHouse implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(BrokerHouse.class.getName());

  private final Path directory;
  private final FileChannel lock;
  private final LocalBroker.Running broker;
  private final BrokerFile file;

  private BrokerHouse(
      Path directory, FileChannel lock, LocalBroker.Running broker, BrokerFile file) {
    this.directory = directory;
    this.lock = lock;
    this.broker = broker;
    this.file = file;
  }

  /**
   * Starts the broker of a directory; empty if another process (or another part of this one) has or
   * starts it.
   *
   * @param settings its folder is one below the directory
   * @throws Exception if it can't be started; nothing of it runs then
   */
  public static Optional<BrokerHouse> open(
      Path directory, LocalBroker kind, LocalBroker.Settings settings) throws Exception {
    Files.createDirectories(directory);
    FileChannel lock =
        FileChannel.open(
            directory.resolve("broker.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    LocalBroker.Running broker = null;
    try {
      if (!isLocked(lock)) {
        lock.close();
        return Optional.empty();
      }
      broker = kind.start(settings);
      BrokerFile file = BrokerFile.ours(broker.there());
      file.write(directory);
      return Optional.of(new BrokerHouse(directory, lock, broker, file));
    } catch (Exception | Error failed) {
      if (broker != null) {
        broker.close();
      }
      lock.close();
      throw failed;
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException ours) {
      return false;
    }
  }

  /** Returns the broker. */
  public LocalBroker.Running broker() {
    return broker;
  }

  /** Stops it, so that another process may start it at once. */
  @Override
  public void close() {
    try {
      file.remove(directory);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "broker.conf stays behind", e);
    }
    try {
      broker.close();
    } finally {
      try {
        lock.close();
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "The broker's lock can't be closed", e);
      }
    }
  }
}
