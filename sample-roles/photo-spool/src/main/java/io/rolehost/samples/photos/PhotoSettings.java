package io.rolehost.samples.photos;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The keys under {@code photos}; each is documented in {@code reference.conf}.
 *
 * @param maxUpload bytes of one photo
 * @param maxPixels width times height of one photo
 * @param backlog how much may wait
 * @param keep how much is kept of what is done, and as much of what failed
 * @param lease how long a worker may be silent before its photo is given to another
 * @param inWeb whether the web role makes thumbnails too
 * @param tasks how many thumbnails one process works on
 * @param size the longer side of a thumbnail in pixels
 * @param poll the pause before an idle task looks again
 */
public record PhotoSettings(
    Path spool,
    long maxUpload,
    long maxPixels,
    Bound backlog,
    Bound keep,
    Duration lease,
    boolean inWeb,
    int tasks,
    int size,
    Duration poll) {

  /** A number of photos and of bytes; reaching either is too much. */
  public record Bound(int photos, long bytes) {
    /** Checks the bounds. */
    public Bound {
      atLeastOne(photos, "photos");
      atLeastOne(bytes, "bytes");
    }
  }

  /** Checks the bounds. */
  public PhotoSettings {
    atLeastOne(maxUpload, "photos.max-upload");
    atLeastOne(maxPixels, "photos.max-pixels");
    atLeastOne(lease.toMillis(), "photos.lease");
    atLeastOne(tasks, "photos.thumbnails.tasks");
    atLeastOne(size, "photos.thumbnails.size");
    atLeastOne(poll.toMillis(), "photos.thumbnails.poll");
  }

  /**
   * Reads them.
   *
   * @throws com.typesafe.config.ConfigException if a value is of the wrong type; the message names
   *     file and line
   * @throws IllegalArgumentException if a value is out of bounds
   */
  public static PhotoSettings of(Config config) {
    Config photos = config.getConfig("photos");
    return new PhotoSettings(
        Path.of(photos.getString("spool")).toAbsolutePath().normalize(),
        photos.getBytes("max-upload"),
        photos.getLong("max-pixels"),
        new Bound(photos.getInt("backlog.photos"), photos.getBytes("backlog.bytes")),
        new Bound(photos.getInt("keep.photos"), photos.getBytes("keep.bytes")),
        photos.getDuration("lease"),
        photos.getBoolean("thumbnails.in-web"),
        photos.getInt("thumbnails.tasks"),
        photos.getInt("thumbnails.size"),
        photos.getDuration("thumbnails.poll"));
  }

  private static void atLeastOne(long value, String key) {
    if (value < 1) {
      throw new IllegalArgumentException(key + " must be 1 or more, was " + value);
    }
  }
}
