package io.rolehost.freeze;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes a freeze file: under a lock that other processes respect, into a new file that replaces
 * the old one in one step and is on the disk before anybody is told that it is stored.
 */
final class FreezeFile {

  /** Writing takes milliseconds; whoever holds the lock longer is stuck. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Enough to tell who ended what; older ones are in the journals of the instances. */
  private static final int MOST_ENDINGS = 20;

  /** An ended freeze stays this long, should the clock have been ahead. */
  private static final Duration KEEP_ENDED = Duration.ofDays(1);

  /** File locks are the process's, not the thread's: threads take turns by this. */
  private static final Object TURN = new Object();

  private final Path named;

  FreezeFile(Path named) {
    this.named = named;
  }

  /**
   * Applies a change and returns what is stored now.
   *
   * @param by who ends what the change removes; empty = not known
   */
  List<Freeze> change(UnaryOperator<List<Freeze>> change, String by, Instant now)
      throws IOException {
    try {
      Path file = Files.isSymbolicLink(named) ? named.toRealPath() : named;
      Path folder = file.getParent();
      if (folder == null) {
        throw new IOException("it has no folder");
      }
      Files.createDirectories(folder);
      synchronized (TURN) {
        try (RandomAccessFile lockFile = openLock(folder, file);
            FileLock lock = lock(lockFile.getChannel(), file)) {
          TextFile found = TextFile.read(file);
          List<Freeze> stored = freezes(found, file);
          List<Freeze> next = new ArrayList<>(change.apply(stored));
          List<Ending> endings = new ArrayList<>(endings(found));
          if (!by.isBlank()) {
            endings.addAll(0, ended(stored, next, by, now));
          }
          next.removeIf(freeze -> freeze.endedAt(now.minus(KEEP_ENDED)));
          if (!lock.isValid()) {
            throw new IOException("the lock was lost");
          }
          boolean hollow = Files.exists(file) && Files.size(file) == 0;
          if (hollow || !next.equals(stored)) {
            write(
                file,
                folder,
                FreezeText.write(next, endings.subList(0, Math.min(MOST_ENDINGS, endings.size()))));
          }
          return List.copyOf(next);
        }
      }
    } catch (IOException | RuntimeException failed) {
      throw new IOException("Nothing was stored in " + named + ": " + reason(failed), failed);
    }
  }

  private static List<Ending> endings(TextFile found) {
    return found instanceof TextFile.Text read ? FreezeText.endings(read.text()) : List.of();
  }

  /** What is replaced has not ended. */
  private static List<Ending> ended(
      List<Freeze> before, List<Freeze> after, String by, Instant now) {
    List<Ending> ended = new ArrayList<>();
    for (Freeze freeze : before) {
      if (after.stream().noneMatch(freeze::sameEntryAs)) {
        ended.add(new Ending(freeze.id(), freeze.scope(), by, now));
      }
    }
    return ended;
  }

  private static List<Freeze> freezes(TextFile found, Path file) throws IOException {
    return switch (found) {
      case TextFile.Absent() -> List.of();
      case TextFile.Unreadable(var problem, _) -> throw new IOException(problem);
      case TextFile.Text(var text, var modified) -> {
        if (text.isEmpty()) {
          yield List.of(); // a full disk leaves such files; there is nothing in it to lose
        }
        try {
          yield FreezeText.read(text, modified, String.valueOf(file.getFileName()));
        } catch (IllegalArgumentException wrong) {
          throw new IOException(
              wrong.getMessage() + ". Repair it by hand, or delete it, then try again", wrong);
        }
      }
    };
  }

  private static void write(Path file, Path folder, String text) throws IOException {
    String prefix = file.getFileName() + ".tmp-";
    deleteLeftovers(folder, prefix);
    Path fresh = folder.resolve(prefix + ProcessHandle.current().pid());
    try {
      try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
        asItsFolder(fresh, folder);
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.getFD().sync();
      }
      var _ = Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      Files.deleteIfExists(fresh);
      throw failed;
    }
    try (FileChannel entry = FileChannel.open(folder, StandardOpenOption.READ)) {
      entry.force(true); // else a power cut could bring the old file back
    }
  }

  /** What a killed writer left: whoever holds the lock is the only writer there is. */
  private static void deleteLeftovers(Path folder, String prefix) throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, prefix + "*")) {
      for (Path leftover : leftovers) {
        Files.deleteIfExists(leftover);
      }
    }
  }

  private static RandomAccessFile openLock(Path folder, Path file) throws IOException {
    Path path = folder.resolve(file.getFileName() + ".lock");
    boolean fresh = !Files.exists(path);
    RandomAccessFile lock = new RandomAccessFile(path.toFile(), "rw");
    if (fresh) {
      asItsFolder(path, folder);
    }
    return lock;
  }

  private static FileLock lock(FileChannel channel, Path file) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      FileLock lock = tryLock(channel);
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() - end > 0) {
        throw new IOException(
            "another process has held its lock for "
                + PATIENCE.toSeconds()
                + " s; find it with: fuser "
                + file
                + ".lock");
      }
      LockSupport.parkNanos(2_000_000); // file locks have no queue to wait in
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException byAnotherClassLoader) {
      return null;
    }
  }

  /**
   * A freeze that root sets must be readable for the role's own user, and the file stay writable
   * for it, whatever the umask: it gets the folder's owner and group. It holds no secret.
   */
  private static void asItsFolder(Path path, Path folder) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view == null) {
      return; // not a POSIX file system: nothing to inherit
    }
    PosixFileAttributes wanted = Files.readAttributes(folder, PosixFileAttributes.class);
    Set<PosixFilePermission> mode =
        EnumSet.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.OTHERS_READ);
    if (wanted.permissions().contains(PosixFilePermission.GROUP_WRITE)) {
      mode.add(PosixFilePermission.GROUP_WRITE);
    }
    view.setPermissions(mode);
    PosixFileAttributes present = view.readAttributes();
    if (!present.owner().equals(wanted.owner()) || !present.group().equals(wanted.group())) {
      try {
        view.setGroup(wanted.group());
        view.setOwner(wanted.owner());
      } catch (IOException notRoot) {
        // Only root may give a file away; everybody else's is readable for all by its mode.
      }
    }
  }

  private static String reason(Exception failed) {
    String message = String.valueOf(failed.getMessage());
    return failed instanceof java.nio.file.FileSystemException system
        ? (system.getReason() == null ? failed.getClass().getSimpleName() + " " + message : message)
        : message;
  }
}
