package io.rolehost.jobs;

import com.codahale.metrics.MetricRegistry;
import io.rolehost.api.Experimental;
import io.rolehost.api.RoleContext;
import io.rolehost.api.http.HttpHandler;
import java.util.Optional;

/**
 * The background work of one role: what makes a job, and who does it.
 *
 * {@snippet :
 * Jobs jobs = Jobs.open(context);
 * jobs.on(queue("photos").concurrency(16).maxAttempts(5), PhotoAdded.class, (photo, job) -> resize(photo));
 * jobs.on(cron("0 0 3 * * *").zone(ZoneId.of("Europe/Paris")), (tick, job) -> cleanUp());
 * jobs.on(files("uploads").matching("*.jpg"), (file, job) -> take(file.path()));
 * jobs.on(http(POST, "/reindex"), Reindex.class, (order, job) -> reindex(order, job));
 * var id = jobs.send("photos", new PhotoAdded("1")).delay(Duration.ofSeconds(5)).submit();
 * }
 *
 * <p>Handlers run as supervised tasks of the role, from the moment they are declared: declare them
 * last in {@code onStart}. Each job is handled at least once; {@link JobContext#id()} is the same
 * each time and is the idempotency key. All methods may be called from any thread.
 */
@Experimental
public interface Jobs {

  /**
   * Opens the background work of a role by its settings, {@code rolehost.jobs}. It does not wait
   * for the broker: that is looked for by the first handler or the first message. Broker and ledger
   * are closed when the role stops, after its tasks have left.
   *
   * @throws io.rolehost.api.PermanentFailureException if the settings name what is not there
   */
  static Jobs open(RoleContext context) {
    return open(context, new MetricRegistry());
  }

  /**
   * Opens the background work as {@link #open(RoleContext)} does, with its metrics in a registry.
   */
  static Jobs open(RoleContext context, MetricRegistry metrics) {
    return JobsProvider.installed().open(context, metrics);
  }

  /**
   * Handles the messages of a queue.
   *
   * @param type what the payload is read as; a message whose type name differs is parked, never
   *     lost
   * @throws IllegalArgumentException if the queue has a handler of that type already, or asks for
   *     what the engine has not; the message names both
   */
  <T> void on(QueueTrigger trigger, Class<T> type, JobHandler<T> handler);

  /**
   * Handles each tick of a schedule; once, however many processes declare the same schedule.
   *
   * @throws IllegalArgumentException if its expression can't be read or never comes, its period is
   *     below 100 ms, or this role declares another schedule of that name
   */
  void on(ScheduleTrigger trigger, JobHandler<Tick> handler);

  /** Handles each whole file of a folder, once per version of the file. */
  void on(FilesTrigger trigger, JobHandler<FileEvent> handler);

  /**
   * Makes a job of each request to a path. The request is answered with 202 as soon as the job is
   * stored; its {@code Location} tells the status. See {@link #http}.
   */
  <T> void on(HttpTrigger trigger, Class<T> type, JobHandler<T> handler);

  /**
   * Makes a job of each request to a path as {@link #on(HttpTrigger, Class, JobHandler)} does, and
   * leaves it to another process: to whoever handles the queue {@code http.<path>}, with dots for
   * slashes. Concurrency, attempts and timeout are that handler's.
   */
  <T> void accept(HttpTrigger trigger, Class<T> type);

  /**
   * Begins a message; nothing happens before {@link Outgoing#submit()}.
   *
   * @param payload written as JSON: a record, a map, a list, a text or a number
   */
  Outgoing send(String queue, Object payload);

  /**
   * Returns a handler for an endpoint, which answers the paths of HTTP triggers and of job status
   * ({@code /jobs/<id>}) and leaves all others to {@code otherwise}.
   */
  HttpHandler http(HttpHandler otherwise);

  /** Returns what is known of a tracked job, or empty if it is unknown or its time is over. */
  Optional<JobStatus> status(JobId id);

  /**
   * Asks for a job to be cancelled: one that waits never runs, one that runs is told by its token.
   *
   * @return whether there was something to cancel
   */
  boolean cancel(JobId id);
}
