package io.rolehost.jobs.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * {@code broker.conf}: where the broker of a directory is, written by the process that runs it
 * (mode 0600, whole or not at all) and read by those that share its work.
 *
 * @param pid of the process
 * @param started when that process began, in milliseconds since 1970, since pids come again; 0
 *     where the system tells none
 */
public record BrokerFile(long pid, long started, BrokerAddress address) {

  /** The system's answer moves when its clock is set. */
  private static final long SAME_START_MILLIS = 2_000;

  private static final String NAME = "broker.conf";

  /** Returns the file of a directory. */
  public static Path in(Path directory) {
    return directory.resolve(NAME);
  }

  /** Returns what this process would write. */
  public static BrokerFile ours(BrokerAddress address) {
    ProcessHandle self = ProcessHandle.current();
    return new BrokerFile(self.pid(), startOf(self), address);
  }

  /**
   * Returns what the file of a directory says; empty if there is none or it can't be read as such.
   *
   * @throws IOException if it is there and can't be read, for instance for want of rights
   */
  public static Optional<BrokerFile> read(Path directory, Duration lostAfter) throws IOException {
    String text;
    try {
      text = Files.readString(in(directory));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    try {
      Config file = ConfigFactory.parseString(text);
      return Optional.of(
          new BrokerFile(
              file.getLong("pid"),
              file.getLong("started"),
              new BrokerAddress(
                  file.getString("url"),
                  file.getString("user"),
                  file.getString("password"),
                  lostAfter)));
    } catch (ConfigException unreadable) {
      return Optional.empty();
    }
  }

  /** Returns whether the process that wrote it lives. */
  public boolean alive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> started == 0 || isSame(startOf(process), started))
        .isPresent();
  }

  /** Writes it into a directory, in place of what was there. */
  public void write(Path directory) throws IOException {
    Path file = in(directory);
    Path draft = directory.resolve(NAME + "." + pid + ".new");
    Files.deleteIfExists(draft);
    FileAttribute<?>[] attributes =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (FileChannel opened =
        FileChannel.open(
            draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      ByteBuffer bytes = ByteBuffer.wrap(text().getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        opened.write(bytes);
      }
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes the file of a directory if it is the one this process wrote. */
  public void remove(Path directory) throws IOException {
    if (read(directory, address.lostAfter()).filter(this::equals).isPresent()) {
      Files.deleteIfExists(in(directory));
    }
  }

  private String text() {
    return "# Written by the broker of this directory when it is ready; removed when it stops.\n"
        + ("pid = " + pid + "\n")
        + ("started = " + started + "\n")
        + ("url = " + ConfigUtil.quoteString(address.url()) + "\n")
        + ("user = " + ConfigUtil.quoteString(address.user()) + "\n")
        + ("password = " + ConfigUtil.quoteString(address.password()) + "\n");
  }

  private static long startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static boolean isSame(long start, long recorded) {
    return Math.abs(start - recorded) <= SAME_START_MILLIS;
  }

  @Override
  public String toString() {
    return "BrokerFile[pid=" + pid + ", " + address.shown() + "]";
  }
}
