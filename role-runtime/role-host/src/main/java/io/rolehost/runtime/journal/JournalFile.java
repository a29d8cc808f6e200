package io.rolehost.runtime.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lines in a file that only grows, rotated by size and age: {@code name}, {@code name.1}, {@code
 * name.2}, … Not thread-safe.
 */
final class JournalFile implements AutoCloseable {

  /** The most that is read back of a file. A thousand entries are about 250 KB. */
  private static final int TAIL_BYTES = 512 * 1024;

  /** A file whose first line is older is rotated; one whose last line is older goes then. */
  static final Duration MAX_AGE = Duration.ofDays(30);

  private static final int HEAD_BYTES = 256;
  private static final Pattern TIME = Pattern.compile("\"at\":\"([^\"]+)\"");

  private final Path path;
  private final long maxBytes;
  private final int files;
  // Not a FileChannel: that is closed when a thread that writes is interrupted, and a role's
  // threads
  // are interrupted at each stop.
  private @Nullable FileOutputStream out;
  private long size;
  private Instant eldest = Instant.MAX;

  /**
   * Touches nothing yet.
   *
   * @param maxBytes a file is rotated before it grows past this
   * @param files how many there are at most, the current one included
   */
  JournalFile(Path path, long maxBytes, int files) {
    this.path = path;
    this.maxBytes = maxBytes;
    this.files = files;
  }

  /** Returns up to {@code count} lines of the end, oldest first. The last may be torn. */
  List<String> tail(int count) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int age = 0; age < files && lines.size() < count && Files.exists(aged(age)); age++) {
      List<String> older = tailOf(aged(age));
      int missing = Math.min(count - lines.size(), older.size());
      lines.addAll(0, older.subList(older.size() - missing, older.size()));
    }
    return lines;
  }

  private static List<String> tailOf(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long start = Math.max(0, in.length() - TAIL_BYTES);
      in.seek(start);
      byte[] bytes = new byte[(int) (in.length() - start)];
      in.readFully(bytes);
      List<String> lines =
          new String(bytes, UTF_8).lines().filter(line -> !line.isEmpty()).toList();
      boolean cut = start > 0 && !lines.isEmpty();
      return cut ? lines.subList(1, lines.size()) : lines;
    }
  }

  /**
   * Appends a line by one write.
   *
   * @param at the time of the line
   */
  void append(String line, Instant at) throws IOException {
    byte[] bytes = (line + "\n").getBytes(UTF_8);
    try {
      FileOutputStream to = out != null ? out : open();
      boolean old = eldest.isBefore(at.minus(MAX_AGE));
      if (size > 0 && (size + bytes.length > maxBytes || old)) {
        rotate(at);
        to = open();
      }
      eldest = size == 0 ? at : eldest;
      to.write(bytes);
      size += bytes.length;
    } catch (IOException e) {
      // A part of the line may be there; and a disk that comes back may be another one.
      close();
      throw e;
    }
  }

  /** Waits until all is on the disk. */
  void force() throws IOException {
    if (out != null) {
      out.getFD().sync();
    }
  }

  private FileOutputStream open() throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    cutTornTail();
    eldest = firstTime();
    FileOutputStream opened = new FileOutputStream(path.toFile(), true);
    out = opened;
    size = Files.size(path);
    return opened;
  }

  /** Removes what a kill, a crash of the machine or a full disk left of a last line. */
  private void cutTornTail() throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      long length = file.length();
      long start = Math.max(0, length - TAIL_BYTES);
      byte[] tail = new byte[(int) (length - start)];
      file.seek(start);
      file.readFully(tail);
      int whole = tail.length;
      while (whole > 0 && tail[whole - 1] != '\n') {
        whole--;
      }
      if (whole == tail.length) {
        return;
      }
      String last = new String(tail, whole, tail.length - whole, UTF_8);
      if (JournalLine.parse(last).isPresent()) {
        file.seek(length);
        file.write('\n'); // whole, but for what an editor took away
      } else {
        file.setLength(start + whole);
      }
    }
  }

  /** Returns the time of the first line; a far future if it has none, which is never too old. */
  private Instant firstTime() throws IOException {
    if (!Files.exists(path)) {
      return Instant.MAX;
    }
    try (RandomAccessFile in = new RandomAccessFile(path.toFile(), "r")) {
      byte[] start = new byte[HEAD_BYTES];
      int read = Math.max(0, in.read(start));
      Matcher time = TIME.matcher(new String(start, 0, read, UTF_8));
      return time.find() ? Instant.parse(time.group(1)) : Instant.MAX;
    } catch (DateTimeParseException garbage) {
      return Instant.MAX;
    }
  }

  private void rotate(Instant now) throws IOException {
    close();
    Instant eldestKept = now.minus(MAX_AGE);
    for (int age = files - 1; age >= 0; age--) {
      if (!Files.exists(aged(age))) {
        continue;
      }
      boolean old = Files.getLastModifiedTime(aged(age)).toInstant().isBefore(eldestKept);
      if (old || age == files - 1) {
        Files.delete(aged(age));
      } else {
        Files.move(aged(age), aged(age + 1));
      }
    }
  }

  private Path aged(int age) {
    return age == 0 ? path : path.resolveSibling(path.getFileName() + "." + age);
  }

  @Override
  public void close() throws IOException {
    FileOutputStream open = out;
    out = null;
    if (open != null) {
      open.close();
    }
  }
}
