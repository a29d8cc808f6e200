package io.rolehost.samples.photos;

import io.rolehost.jobs.JobContext;
import io.rolehost.jobs.JobHandler;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.Tick;
import java.util.Map;
import java.util.Optional;

/**
 * The nightly clean-up: applies the retention, and sends photos again that have neither a thumbnail
 * nor a message. Such are left by a web that was killed before its answer, by a broker whose
 * journal was removed, and by whoever removed a thumbnail.
 */
record CleanUp(PhotoStore store, Jobs jobs, Retention retention) implements JobHandler<Tick> {

  @Override
  public void handle(Tick tick, JobContext job) throws Exception {
    int forgotten = retention.apply();
    int sent = 0;
    for (PhotoStore.Original photo : Backlog.withoutThumbnail(store)) {
      JobId own = new JobId(photo.id());
      Optional<JobStatus> known = jobs.status(own);
      if (known.isEmpty()) {
        send(photo, own);
        sent++;
      } else if (known.get().state() == JobStatus.State.DONE) {
        // Its own id would be refused.
        send(photo, new JobId(photo.id() + "@" + job.id()));
        sent++;
      }
    }
    job.result(Map.of("forgotten", forgotten, "sentAgain", sent));
  }

  private void send(PhotoStore.Original photo, JobId id) {
    JobId _ = jobs.send(Thumbnails.QUEUE, new PhotoAdded(photo.id())).id(id).tracked().submit();
  }
}
