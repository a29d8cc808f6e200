package io.rolehost.samples.photos;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.JobsUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The photo service: takes photos in, has their thumbnails made, and tells how far they are. A
 * photo that {@link #accept} returned for ends as done or failed, whichever processes die in
 * between. May be used from any thread.
 */
public final class Photos {
  private final PhotoStore store;
  private final Jobs jobs;
  private final Backlog backlog;
  private final InstantSource clock;

  /** Joins the store and the background work. */
  public Photos(PhotoStore store, Jobs jobs, PhotoSettings settings, InstantSource clock) {
    this.store = store;
    this.jobs = jobs;
    this.backlog = new Backlog(store, jobs, settings.backlog(), clock);
    this.clock = clock;
  }

  /**
   * Takes a photo in: when this returns, the photo is on disk and the order for its thumbnail with
   * the broker. When it throws, nothing is left of it.
   *
   * @return the id to {@link #find} it by: 32 hexadecimal digits
   * @throws RefusedPhotoException if it is empty, too large or no photo
   * @throws StoreFullException if no more photos are taken for now
   * @throws JobsUnavailableException if the broker can't be reached
   * @throws IOException what {@code photo} throws
   */
  public String accept(InputStream photo) throws IOException, RefusedPhotoException {
    backlog.check();
    PhotoStore.Original original = store.put(PhotoStore.newId(clock.instant()), photo);
    boolean sent = false;
    try {
      // The photo's id is the job's: whoever is in doubt may send it again.
      JobId _ =
          jobs.send(Thumbnails.QUEUE, new PhotoAdded(original.id()))
              .id(new JobId(original.id()))
              .tracked()
              .submit();
      sent = true;
    } finally {
      if (!sent) {
        // If the message was sent all the same, its handler finds no photo and is done.
        store.forget(original);
      }
    }
    backlog.added(original.bytes());
    return original.id();
  }

  /**
   * Returns what is known of a photo, or empty if there is none of that id.
   *
   * @throws JobsUnavailableException if it has no thumbnail, and why can't be told now
   */
  public Optional<Photo> find(String id) {
    Optional<PhotoStore.Original> original = store.original(id);
    if (original.isEmpty()) {
      return Optional.empty();
    }
    Optional<JobStatus> job;
    try {
      job = jobs.status(new JobId(id));
    } catch (JobsUnavailableException e) {
      if (store.thumbnail(original.get()).isEmpty()) {
        throw e;
      }
      job = Optional.empty();
    }
    // After the job: one that is done has left its thumbnail.
    return Optional.of(photo(original.get(), job, store.thumbnail(original.get())));
  }

  /** Returns the thumbnail's file and kind, or empty as long as there is none. */
  public Optional<Thumbnail> thumbnail(String id) {
    return store
        .original(id)
        .flatMap(original ->
            store.thumbnail(original).map(file -> new Thumbnail(original.kind(), file)));
  }

  /** A thumbnail that can be sent. */
  public record Thumbnail(Kind kind, Path file) {}

  private static Photo photo(
      PhotoStore.Original original, Optional<JobStatus> job, Optional<Path> thumbnail) {
    int attempts = job.map(JobStatus::attempts).orElse(0);
    if (thumbnail.isPresent()) {
      return new Photo.Done(original.id(), Math.max(1, attempts));
    }
    if (job.isEmpty()) {
      return new Photo.Waiting(original.id(), 0);
    }
    return switch (job.get().state()) {
      case RUNNING -> new Photo.Working(original.id(), attempts);
      // Done, and yet no thumbnail: somebody removed it. The clean-up sends the photo again.
      case PENDING, DONE -> new Photo.Waiting(original.id(), attempts);
      case FAILED ->
          new Photo.Failed(
              original.id(), attempts, job.get().failure().orElse("It is not known why."));
      case CANCELLED -> new Photo.Failed(original.id(), attempts, "It was cancelled.");
    };
  }
}
