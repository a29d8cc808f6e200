package io.rolehost.node.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one incarnation printed, in a file of its own: {@code <instance>-<incarnation>.out}.
 * Bounded: a full file is moved to {@code .out.1}, and only the last incarnations are kept. A disk
 * that is full or read-only loses lines and stops nobody. For one thread.
 */
public final class OutputFile implements AutoCloseable {
  private static final String SUFFIX = ".out";
  private static final int TAIL_BYTES = 128 * 1024;

  private final Path file;
  private final long maxBytes;
  private @Nullable OutputStream out;
  private long written;

  private OutputFile(Path file, long maxBytes) {
    this.file = file;
    this.maxBytes = maxBytes;
  }

  /**
   * Opens the file of an incarnation and removes those of incarnations too long ago.
   *
   * @param maxBytes at this size the file is moved aside, over the one moved before
   * @param keep how many incarnations have a file
   */
  public static OutputFile open(
      Path directory, String instanceId, long incarnation, long maxBytes, int keep) {
    OutputFile output =
        new OutputFile(directory.resolve(instanceId + "-" + incarnation + SUFFIX), maxBytes);
    try {
      Files.createDirectories(directory);
      for (Path old : olderThan(directory, instanceId, incarnation - keep + 1)) {
        Files.deleteIfExists(old);
      }
      output.reopen();
    } catch (IOException e) {
      output.out = null; // what is printed still reaches the console
    }
    return output;
  }

  /** Returns the files of an instance, the oldest incarnation first. */
  public static List<Path> of(Path directory, String instanceId) throws IOException {
    return olderThan(directory, instanceId, Long.MAX_VALUE);
  }

  /** Returns the highest incarnation of an instance that has a file; 0 if there is none. */
  public static long lastIncarnation(Path directory, String instanceId) {
    try {
      List<Numbered> found = numbered(directory, instanceId, Long.MAX_VALUE);
      return found.isEmpty() ? 0 : found.getLast().number();
    } catch (IOException e) {
      return 0; // no directory yet
    }
  }

  /** Returns the last lines of an incarnation, oldest first; none if they can't be read. */
  public static List<String> tail(Path directory, String instanceId, long incarnation, int lines) {
    Path newest = directory.resolve(instanceId + "-" + incarnation + SUFFIX);
    List<String> tail = new ArrayList<>(tailOf(newest));
    if (tail.size() < lines) {
      tail.addAll(0, tailOf(newest.resolveSibling(newest.getFileName() + ".1")));
    }
    return List.copyOf(tail.subList(Math.max(0, tail.size() - lines), tail.size()));
  }

  private static List<String> tailOf(Path file) {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(Math.max(0, in.length() - TAIL_BYTES));
      byte[] bytes = new byte[(int) (in.length() - in.getFilePointer())];
      in.readFully(bytes);
      return new String(bytes, UTF_8).lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private record Numbered(Path file, long number) {}

  private static List<Path> olderThan(Path directory, String instanceId, long incarnation)
      throws IOException {
    return numbered(directory, instanceId, incarnation).stream().map(Numbered::file).toList();
  }

  private static List<Numbered> numbered(Path directory, String instanceId, long incarnation)
      throws IOException {
    List<Numbered> found = new ArrayList<>();
    String prefix = instanceId + "-";
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        int dot = name.indexOf(SUFFIX, prefix.length());
        if (name.startsWith(prefix) && dot > 0) {
          try {
            long number = Long.parseLong(name.substring(prefix.length(), dot));
            if (number < incarnation) {
              found.add(new Numbered(file, number));
            }
          } catch (NumberFormatException e) {
            // the file of an instance whose id merely begins like this one
          }
        }
      }
    }
    found.sort(
        Comparator.comparingLong(Numbered::number)
            .thenComparing(numbered -> numbered.file().toString(), Comparator.reverseOrder()));
    return found;
  }

  /** Appends a line. Never throws. */
  public void write(String line) {
    if (out == null) {
      return;
    }
    byte[] bytes = (line + "\n").getBytes(UTF_8);
    try {
      if (written + bytes.length > maxBytes && written > 0) {
        out.close();
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
        reopen();
      }
      out.write(bytes);
      written += bytes.length;
    } catch (IOException e) {
      close();
    }
  }

  /** Makes what was written visible to readers of the file. */
  public void flush() {
    if (out == null) {
      return;
    }
    try {
      out.flush();
    } catch (IOException e) {
      close();
    }
  }

  @Override
  public void close() {
    OutputStream closing = out;
    out = null;
    if (closing != null) {
      try {
        closing.close();
      } catch (IOException e) {
        // nothing is left to be done for it
      }
    }
  }

  private void reopen() throws IOException {
    // Startup programs of the same incarnation come first. No link is followed: where roles run as
    // users of their own, they can make files in this folder, and the node may be root.
    out =
        new BufferedOutputStream(
            Files.newOutputStream(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                LinkOption.NOFOLLOW_LINKS));
    written = Files.size(file);
  }
}
