package io.rolehost.samples.photos;

import io.rolehost.jobs.JobContext;
import io.rolehost.jobs.JobHandler;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Jobs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Has every thumbnail made anew, by one message a photo. Messages go out while it runs, so that
 * there is something to go on from after a kill: the position of the last batch is its checkpoint.
 * What was sent behind it is sent again with the same ids, and refused.
 */
record Reindexing(PhotoStore store, Jobs jobs) implements JobHandler<Reindex> {
  /** Where requests to {@code POST /reindex} are sent. */
  static final String QUEUE = "http.reindex";

  private static final int BATCH = 25;

  /** Below the 4 of uploads: who waits for a photo goes first. */
  private static final int PRIORITY = 1;

  @Override
  public void handle(Reindex order, JobContext job) throws Exception {
    List<PhotoStore.Original> photos = store.originals();
    Optional<String> last = job.checkpoint(String.class);
    int resumed = 0;
    while (last.isPresent()
        && resumed < photos.size()
        && photos.get(resumed).id().compareTo(last.get()) <= 0) {
      resumed++;
    }
    int sent = resumed;
    while (sent < photos.size()) {
      if (job.stopToken().isStopRequested()) {
        throw new CancellationException("Stopped after " + sent + " of " + photos.size());
      }
      List<PhotoStore.Original> batch = photos.subList(sent, Math.min(sent + BATCH, photos.size()));
      for (PhotoStore.Original photo : batch) {
        JobId _ =
            jobs.send(Thumbnails.QUEUE, new PhotoAdded(photo.id()))
                .id(new JobId(photo.id() + "@" + job.id()))
                .priority(PRIORITY)
                .correlationId(job.id().value())
                .submit();
      }
      sent += batch.size();
      job.checkpoint(batch.getLast().id());
      job.progress(sent, photos.size(), "sent");
    }
    job.result(Map.of("photos", photos.size(), "resumedAfter", resumed));
  }
}
