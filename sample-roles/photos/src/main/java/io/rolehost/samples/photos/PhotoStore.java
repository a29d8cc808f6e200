package io.rolehost.samples.photos;

import io.rolehost.samples.photos.RefusedPhotoException.Why;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Photos and thumbnails in a folder that processes share. A file is written where nobody looks and
 * shown under its name by one rename, once it is whole and on disk. May be used from any thread.
 */
public final class PhotoStore {
  private static final Pattern NAME = Pattern.compile("([0-9a-f]{32})\\.(jpg|png)");

  /**
   * A photo that was taken in.
   *
   * @param id 32 hexadecimal digits, in the order of arrival
   * @param file to be read only
   */
  public record Original(String id, Kind kind, Path file) {
    /** Returns its size in bytes; 0 if it is just being forgotten. */
    long bytes() throws IOException {
      try {
        return Files.size(file);
      } catch (NoSuchFileException e) {
        return 0;
      }
    }
  }

  private final long maxUpload;
  private final ImageCheck check;
  private final Disk disk;
  private final Path incoming;
  private final Path originals;
  private final Path thumbnails;

  /** Opens the store and makes its folders where they are missing. */
  public PhotoStore(PhotoSettings settings) throws IOException {
    this(settings, new Disk());
  }

  PhotoStore(PhotoSettings settings, Disk disk) throws IOException {
    this.maxUpload = settings.maxUpload();
    this.check = new ImageCheck(settings.maxPixels());
    this.disk = disk;
    this.incoming = Files.createDirectories(settings.directory().resolve("incoming"));
    this.originals = Files.createDirectories(settings.directory().resolve("originals"));
    this.thumbnails = Files.createDirectories(settings.directory().resolve("thumbnails"));
  }

  /** Returns a new id: the time in milliseconds, then 80 random bits. */
  static String newId(Instant now) {
    byte[] random = new byte[10];
    ThreadLocalRandom.current().nextBytes(random);
    return "%012x".formatted(now.toEpochMilli()) + HexFormat.of().formatHex(random);
  }

  /**
   * Takes a photo in. When this returns it is on disk and survives a loss of power; when it throws,
   * nothing is left of it.
   *
   * @param photo read to its end, but no further than the limit
   * @throws RefusedPhotoException if it is empty, too large or no photo
   * @throws StoreFullException if the disk takes no more
   * @throws IOException what {@code photo} throws
   */
  Original put(String id, InputStream photo) throws IOException, RefusedPhotoException {
    Path part = part(id);
    try {
      long bytes = disk.write(part, photo, maxUpload);
      if (bytes == 0) {
        throw new RefusedPhotoException(Why.EMPTY, "The photo is empty: 0 bytes arrived.");
      } else if (bytes > maxUpload) {
        throw new RefusedPhotoException(
            Why.TOO_MANY_BYTES, "A photo may have at most " + maxUpload + " bytes.");
      }
      Kind kind = check.inspect(part);
      Original original = new Original(id, kind, originals.resolve(name(id, kind)));
      disk.move(part, original.file());
      disk.syncFolder(originals);
      return original;
    } finally {
      disk.delete(part);
    }
  }

  /** Returns a photo, or empty if there is none of that id. */
  Optional<Original> original(String id) {
    return Stream.of(Kind.values())
        .map(kind -> new Original(id, kind, originals.resolve(name(id, kind))))
        .filter(original -> Files.exists(original.file()))
        .findFirst();
  }

  /** Returns all photos in the order of their arrival. */
  List<Original> originals() throws IOException {
    return list(originals);
  }

  /** Returns the thumbnail, a whole file, or empty as long as there is none. */
  Optional<Path> thumbnail(Original original) {
    Path file = thumbnails.resolve(name(original.id(), original.kind()));
    return Files.exists(file) ? Optional.of(file) : Optional.empty();
  }

  /** Returns all thumbnails, as if they were photos. */
  List<Original> thumbnails() throws IOException {
    return list(thumbnails);
  }

  /** Shows a thumbnail, in place of the one that was there. */
  void publish(Original original, byte[] thumbnail) throws IOException {
    Path part = part(original.id());
    try {
      disk.write(part, new ByteArrayInputStream(thumbnail), thumbnail.length);
      disk.move(part, thumbnails.resolve(name(original.id(), original.kind())));
      disk.syncFolder(thumbnails);
    } finally {
      disk.delete(part);
    }
  }

  /**
   * Forgets a photo. The first of the two steps is what counts; {@link #tidy} makes up for both.
   */
  void forget(Original original) throws IOException {
    disk.delete(original.file());
    disk.delete(thumbnails.resolve(name(original.id(), original.kind())));
  }

  /**
   * Removes what processes left behind that were killed: parts that nobody wrote to since {@code
   * silent}, and thumbnails of photos that are gone.
   */
  void tidy(Instant silent) throws IOException {
    try (Stream<Path> parts = Files.list(incoming)) {
      for (Path part : parts.toList()) {
        if (changedBefore(part, silent)) {
          disk.delete(part);
        }
      }
    }
    for (Original thumbnail : thumbnails()) {
      if (!Files.exists(originals.resolve(name(thumbnail.id(), thumbnail.kind())))) {
        disk.delete(thumbnail.file());
      }
    }
  }

  /**
   * Tries whether a photo could be stored.
   *
   * @throws IOException if not
   */
  public void probe() throws IOException {
    Path probe = part("probe");
    Files.writeString(probe, "Written to see whether a photo could be stored.");
    Files.delete(probe);
  }

  private Path part(String id) {
    return incoming.resolve(
        id + "~" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()));
  }

  private static String name(String id, Kind kind) {
    return id + "." + kind.extension();
  }

  private static boolean changedBefore(Path file, Instant instant) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(instant);
    } catch (NoSuchFileException e) {
      return false; // it went on by itself, or another process removed it
    }
  }

  private static List<Original> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .flatMap(file -> {
            Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
            return name.matches()
                ? Stream.of(new Original(name.group(1), Kind.ofExtension(name.group(2)), file))
                : Stream.empty();
          })
          .sorted(Comparator.comparing(Original::id))
          .toList();
    }
  }
}
