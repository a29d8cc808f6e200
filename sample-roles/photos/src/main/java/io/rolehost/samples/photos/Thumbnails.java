package io.rolehost.samples.photos;

import static io.rolehost.jobs.Triggers.cron;
import static io.rolehost.jobs.Triggers.files;
import static io.rolehost.jobs.Triggers.queue;

import io.rolehost.jobs.JobContext;
import io.rolehost.jobs.Jobs;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.imageio.IIOException;

/**
 * The background work of the photo service. Which role declares it is a setting; the handlers can't
 * tell.
 */
public final class Thumbnails {
  /** Where {@link PhotoAdded} is sent. */
  public static final String QUEUE = "photos";

  /** A photo of the largest size takes a few seconds on a slow core. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final PhotoStore store;
  private final Scaler scaler;
  private final Retention retention;

  private Thumbnails(PhotoStore store, PhotoSettings settings, Retention retention) {
    this.store = store;
    this.scaler = new Scaler(settings.size(), new ImageCheck(settings.maxPixels()));
    this.retention = retention;
  }

  /** Declares all handlers; they work from then on. */
  public static void declare(
      Jobs jobs, PhotoStore store, PhotoSettings settings, InstantSource clock) throws IOException {
    Retention retention = new Retention(store, jobs, settings.keep(), clock);
    Thumbnails thumbnails = new Thumbnails(store, settings, retention);
    jobs.on(
        queue(QUEUE)
            .concurrency(settings.tasks())
            .maxAttempts(5)
            .timeout(LONGEST)
            .permanent(IIOException.class)
            .permanent(RefusedPhotoException.class),
        PhotoAdded.class,
        thumbnails::make);
    jobs.on(queue(Reindexing.QUEUE), Reindex.class, new Reindexing(store, jobs));
    jobs.on(
        files(Files.createDirectories(settings.inbox()).toString())
            .matching("*.{jpg,jpeg,png,JPG,JPEG,PNG}"),
        new Inbox(store));
    jobs.on(
        cron(settings.cleanUp()).zone(settings.zone()).named("photo-clean-up"),
        new CleanUp(store, jobs, retention));
  }

  /**
   * Makes one thumbnail; a second time it replaces the first in one step. A file that can't be
   * decoded is not tried again: it does not get better by that.
   */
  private void make(PhotoAdded photo, JobContext job) throws Exception {
    Optional<PhotoStore.Original> original = store.original(photo.id());
    if (original.isEmpty()) {
      return; // forgotten since, or its upload was refused in the end
    }
    byte[] thumbnail =
        job.compute(() -> scaler.thumbnail(original.get().file(), original.get().kind()));
    store.publish(original.get(), thumbnail);
    retention.nowAndThen();
  }
}
