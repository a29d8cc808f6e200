package io.rolehost.jobs.files;

import static java.lang.System.Logger.Level.DEBUG;

import io.rolehost.api.Backoff;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import io.rolehost.jobs.FileEvent;
import io.rolehost.jobs.FilesTrigger;
import io.rolehost.jobs.JobHandler;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.Triggers;
import io.rolehost.jobs.ledger.Keys;
import io.rolehost.jobs.ledger.Receipts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** The folder triggers of a role. Safe for all threads. */
public final class Folders {

  private static final System.Logger LOG = System.getLogger(Folders.class.getName());

  /** A folder that was away for less, a network drive for instance, does not come again as new. */
  private static final Duration UNSEEN = Duration.ofDays(7);

  private static final Backoff BACKOFF =
      Backoff.exponential(Duration.ofMillis(200), Duration.ofSeconds(5));

  /**
   * How long one process has to itself to send the message of a version: more than a send takes. A
   * broker looks for a key and then adds it, so two that send at once would both get in.
   */
  private static final Duration LEASE = Duration.ofSeconds(15);

  private final Jobs jobs;
  private final RoleContext context;
  private final Receipts receipts;
  private final Keys keys;
  private final BooleanSupplier paused;
  private final LongSupplier nanos;
  private final List<FolderTask> folders = new CopyOnWriteArrayList<>();

  /**
   * Declares nothing yet, and asks for nothing.
   *
   * @param jobs handles and sends the messages
   * @param keys lease the sending of one version to one process
   * @param paused whether no file is to be taken now, for instance in a freeze; asked often
   * @param nanos a monotonic clock
   */
  public Folders(
      Jobs jobs,
      RoleContext context,
      Receipts receipts,
      Keys keys,
      BooleanSupplier paused,
      LongSupplier nanos) {
    this.jobs = jobs;
    this.context = context;
    this.receipts = receipts;
    this.keys = keys;
    this.paused = paused;
    this.nanos = nanos;
  }

  private boolean isSent(String queue, FileEvent event, String key) {
    JobId id = new JobId(UUID.randomUUID().toString());
    if (!(keys.reserve(queue, key, "", id, LEASE) instanceof Keys.Reservation.Fresh)) {
      return false;
    }
    try {
      var _ = jobs.send(queue, event).id(id).dedupKey(key).submit();
      return true;
    } catch (JobsUnavailableException e) {
      keys.release(queue, key);
      throw e;
    }
  }

  /**
   * Handles each whole file of a folder; see {@link Jobs#on(FilesTrigger, JobHandler)}.
   *
   * @throws IllegalArgumentException if the glob can't be read, or the same folder and glob was
   *     declared before
   */
  public void on(FilesTrigger trigger, JobHandler<FileEvent> handler) {
    String name = FileKey.trigger(trigger.folder(), trigger.glob());
    Path folder = folder(trigger.folder());
    FolderTask task =
        new FolderTask(
            new FolderTask.Parts(
                name,
                folder,
                new FileRule(trigger.glob()),
                trigger.settle(),
                trigger.rescan(),
                UNSEEN,
                receipts,
                (event, key) -> isSent(name, event, key),
                paused,
                nanos));
    jobs.on(
        Triggers.queue(name).concurrency(trigger.concurrency()),
        FileEvent.class,
        (event, job) -> {
          if (isCurrent(folder, event)) {
            handler.handle(event, job);
          } else {
            LOG.log(
                DEBUG, "{0} is gone, or has a newer version with a job of its own", event.path());
          }
        });
    folders.add(task);
    var _ = context.tasks().start(Task.named(name).body(task).backoff(BACKOFF).unlimitedRestarts());
  }

  /** Returns how each folder stands. */
  public List<FolderFacts> facts() {
    return folders.stream().map(FolderTask::facts).toList();
  }

  private Path folder(String name) {
    try {
      return context.localResource(name).toAbsolutePath();
    } catch (IllegalArgumentException _) {
      return Path.of(name).toAbsolutePath();
    }
  }

  /** A folder that is away as a whole must not look as if its files had been deleted. */
  private static boolean isCurrent(Path folder, FileEvent event) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException("The folder " + folder + " is not there");
    }
    return FolderScan.look(folder.toRealPath(), event.path())
        .filter(Version.of(event)::equals)
        .isPresent();
  }
}
