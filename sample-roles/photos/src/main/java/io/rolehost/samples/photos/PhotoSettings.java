package io.rolehost.samples.photos;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.ZoneId;

/**
 * The keys under {@code photos}; each is documented in {@code reference.conf}.
 *
 * @param directory where the photos are
 * @param inbox the folder whose files become photos
 * @param maxUpload bytes of one photo
 * @param maxPixels width times height of one photo
 * @param backlog how much may wait
 * @param keep how much is kept of what is done, and as much of what failed
 * @param cleanUp when, as a cron expression of six fields, by the clocks of {@code zone}
 * @param inWeb whether the web role makes thumbnails too
 * @param tasks how many thumbnails one process works on
 * @param size the longer side of a thumbnail in pixels
 */
public record PhotoSettings(
    Path directory,
    Path inbox,
    long maxUpload,
    long maxPixels,
    Bound backlog,
    Bound keep,
    String cleanUp,
    ZoneId zone,
    boolean inWeb,
    int tasks,
    int size) {

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
    atLeastOne(tasks, "photos.thumbnails.tasks");
    atLeastOne(size, "photos.thumbnails.size");
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
        Path.of(photos.getString("directory")).toAbsolutePath().normalize(),
        Path.of(photos.getString("inbox")).toAbsolutePath().normalize(),
        photos.getBytes("max-upload"),
        photos.getLong("max-pixels"),
        new Bound(photos.getInt("backlog.photos"), photos.getBytes("backlog.bytes")),
        new Bound(photos.getInt("keep.photos"), photos.getBytes("keep.bytes")),
        photos.getString("clean-up.cron"),
        ZoneId.of(photos.getString("clean-up.zone")),
        photos.getBoolean("thumbnails.in-web"),
        photos.getInt("thumbnails.tasks"),
        photos.getInt("thumbnails.size"));
  }

  private static void atLeastOne(long value, String key) {
    if (value < 1) {
      throw new IllegalArgumentException(key + " must be 1 or more, was " + value);
    }
  }
}
