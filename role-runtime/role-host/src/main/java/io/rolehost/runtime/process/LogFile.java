package io.rolehost.runtime.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The log file of an incarnation, {@code <id>-<incarnation>.log}. When it is full it is moved aside
 * as {@code <id>-<incarnation>.<part>.log}. A bad disk costs lines and is tried again. For the
 * thread of its queue.
 */
final class LogFile implements OutputQueue.Sink {

  /** How long an old file is kept, whatever its size. */
  static final Duration MAX_AGE = Duration.ofDays(30);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  /**
   * A file of an instance.
   *
   * @param part 1, 2, … if moved aside; {@code Integer.MAX_VALUE} for the one written last
   */
  record Found(Path path, long incarnation, int part, Instant modified) {}

  private final Path directory;
  private final String instanceId;
  private final long incarnation;
  private final long maxBytes;
  private final int keep;
  private final InstantSource clock;
  private @Nullable OutputStream out;
  private @Nullable Instant failedAt;
  private String failure = "";
  private long written;

  LogFile(
      Path directory,
      String instanceId,
      long incarnation,
      long maxBytes,
      int keep,
      InstantSource clock) {
    this.directory = directory;
    this.instanceId = instanceId;
    this.incarnation = incarnation;
    this.maxBytes = maxBytes;
    this.keep = keep;
    this.clock = clock;
  }

  @Override
  public void write(OutputQueue.Piece piece) throws IOException {
    write(piece.bytes());
  }

  @Override
  public void dropped(long lines) throws IOException {
    write((HostLog.droppedText(lines) + "\n").getBytes(UTF_8));
  }

  private void write(byte[] bytes) throws IOException {
    Instant failed = failedAt;
    if (failed != null
        && Duration.between(failed, clock.instant()).abs().compareTo(RETRY_AFTER) < 0) {
      throw new IOException(failure);
    }
    try {
      OutputStream current = out;
      if (current != null && written > 0 && written + bytes.length > maxBytes) {
        current.close();
        out = null;
        moveAside();
        current = null;
      }
      if (current == null) {
        current = open();
      }
      current.write(bytes);
      written += bytes.length;
      failedAt = null;
    } catch (IOException e) {
      failedAt = clock.instant();
      failure =
          "The log file "
              + current()
              + " can't be written: "
              + e
              + ". Lines go to standard output only; the next try is in "
              + RETRY_AFTER.toSeconds()
              + " s.";
      closeQuietly();
      throw new IOException(failure, e);
    }
  }

  private Path current() {
    return directory.resolve(instanceId + "-" + incarnation + ".log");
  }

  private OutputStream open() throws IOException {
    Files.createDirectories(directory);
    Path file = current();
    OutputStream opened =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    out = opened;
    written = Files.size(file);
    prune();
    return opened;
  }

  private void moveAside() throws IOException {
    int part =
        found(directory, instanceId).stream()
                .filter(f -> f.incarnation() == incarnation && f.part() != Integer.MAX_VALUE)
                .mapToInt(Found::part)
                .max()
                .orElse(0)
            + 1;
    Path aside = directory.resolve(instanceId + "-" + incarnation + "." + part + ".log");
    Files.move(current(), aside, StandardCopyOption.ATOMIC_MOVE);
  }

  private void prune() throws IOException {
    for (Found old : tooMany(found(directory, instanceId), keep, clock.instant())) {
      if (!old.path().equals(current())) {
        Files.deleteIfExists(old.path());
      }
    }
  }

  private void closeQuietly() {
    OutputStream current = out;
    out = null;
    if (current != null) {
      try {
        current.close();
      } catch (IOException e) {
        // The failure that led here is the one to report.
      }
    }
  }

  /** Returns what is to be removed: all but the newest {@code keep}, and what is too old. */
  static List<Found> tooMany(List<Found> files, int keep, Instant now) {
    List<Found> newestFirst =
        files.stream()
            .sorted((one, other) ->
                one.incarnation() == other.incarnation()
                    ? Integer.compare(other.part(), one.part())
                    : Long.compare(other.incarnation(), one.incarnation()))
            .toList();
    List<Found> remove = new ArrayList<>();
    for (int i = 0; i < newestFirst.size(); i++) {
      Found file = newestFirst.get(i);
      if (i >= Math.max(1, keep) || file.modified().isBefore(now.minus(MAX_AGE))) {
        remove.add(file);
      }
    }
    return List.copyOf(remove);
  }

  /** Lists the files of an instance in no order; none if there is no directory. */
  static List<Found> found(Path directory, String instanceId) throws IOException {
    Pattern name =
        Pattern.compile(Pattern.quote(instanceId) + "-(\\d{1,18})(?:\\.(\\d{1,9}))?\\.log");
    List<Found> found = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Matcher match = name.matcher(String.valueOf(file.getFileName()));
        if (match.matches()) {
          Optional<String> part = Optional.ofNullable(match.group(2));
          found.add(
              new Found(
                  file,
                  Long.parseLong(match.group(1)),
                  part.map(Integer::parseInt).orElse(Integer.MAX_VALUE),
                  Files.getLastModifiedTime(file).toInstant()));
        }
      }
    }
    return List.copyOf(found);
  }
}
