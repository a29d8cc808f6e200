package io.rolehost.samples.photos;

import io.rolehost.api.Side;
import io.rolehost.api.Task;
import io.rolehost.api.TaskContext;
import io.rolehost.api.TaskSupervisor;
import io.rolehost.samples.photos.PhotoQueue.Claim;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/**
 * The background work of the photo service: takes photos from the queue and makes their thumbnails,
 * in supervised tasks. Which role starts them is a setting; they can't tell.
 */
public final class Thumbnails {
  private static final System.Logger LOG = System.getLogger(Thumbnails.class.getName());

  /** A photo of the largest size takes a few seconds on a slow core. */
  private static final Duration SLOW = Duration.ofSeconds(30);

  private final PhotoQueue queue;
  private final PhotoSettings settings;
  private final Side side;
  private final Scaler scaler;

  /**
   * Creates them; nothing runs before {@link #start}.
   *
   * @param side photos are taken in production alone
   */
  public Thumbnails(PhotoQueue queue, PhotoSettings settings, Side side) {
    this.side = side;
    this.queue = queue;
    this.settings = settings;
    this.scaler = new Scaler(settings.size(), new ImageCheck(settings.maxPixels()));
  }

  /** Starts the tasks. */
  public void start(TaskSupervisor tasks) {
    for (int n = 1; n <= settings.tasks(); n++) {
      tasks.start(Task.named("thumbnail-" + n).body(this::work).hang(SLOW, SLOW.multipliedBy(2)));
    }
    tasks.start(Task.named("photo-sweep").body(this::sweep));
  }

  private void work(TaskContext task) throws Exception {
    long photos = 0;
    while (!task.stopToken().isStopRequested()) {
      Optional<Claim> claim = side.take(queue::claim);
      if (claim.isPresent()) {
        task.progress(++photos);
        make(claim.get(), task);
      } else {
        task.idle();
        if (task.stopToken().await(settings.poll())) {
          return;
        }
      }
    }
  }

  /**
   * A photo that fails is the photo's matter and does not touch the task's restart budget; an error
   * of the machine (out of memory, a class that is missing) does.
   */
  private void make(Claim claim, TaskContext task) throws Exception {
    try {
      byte[] thumbnail =
          task.compute(() -> {
            claim.renew(); // the wait for a permit is over
            return scaler.thumbnail(claim.photo(), claim.kind());
          });
      task.fence().check();
      claim.done(thumbnail);
    } catch (InterruptedException e) {
      claim.giveBack();
      throw e;
    } catch (IOException | RefusedPhotoException | RuntimeException e) {
      if (task.stopToken().isStopRequested()) {
        claim.giveBack();
        return;
      }
      LOG.log(
          Level.WARNING,
          "Photo {0}, attempt {1} of {2}: {3}",
          claim.id(),
          claim.attempt(),
          PhotoQueue.MAX_ATTEMPTS,
          e);
      claim.retry(String.valueOf(e.getMessage()));
    }
  }

  private void sweep(TaskContext task) throws Exception {
    do {
      queue.sweep();
      task.idle();
    } while (!task.stopToken().await(settings.lease().dividedBy(4)));
  }
}
