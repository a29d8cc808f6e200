package io.rolehost.jobs;

import java.time.Duration;
import java.time.Instant;

/** The words in which triggers are declared; meant for a static import. */
public final class Triggers {

  private Triggers() {}

  /** The messages of one queue, made if it is not there. */
  public static QueueTrigger queue(String name) {
    return QueueTrigger.of(name, false);
  }

  /** The messages of each queue whose name begins so, also of those that are made later. */
  public static QueueTrigger queues(String prefix) {
    return QueueTrigger.of(prefix, true);
  }

  /**
   * A cron expression of six fields (seconds first) or five; in UTC where no zone is given. One
   * that can't be read or never comes is refused where it is declared, {@link
   * Jobs#on(ScheduleTrigger, JobHandler)}.
   */
  public static ScheduleTrigger cron(String expression) {
    return ScheduleTrigger.of(new ScheduleTrigger.When.Cron(expression));
  }

  /** Again and again, {@code period} after the tick before was due. */
  public static ScheduleTrigger every(Duration period) {
    return ScheduleTrigger.of(new ScheduleTrigger.When.Every(period));
  }

  /** Once, at an instant. */
  public static ScheduleTrigger onceAt(Instant instant) {
    return ScheduleTrigger.of(new ScheduleTrigger.When.OnceAt(instant));
  }

  /** Once, so long after it was declared for the first time. */
  public static ScheduleTrigger onceAfter(Duration delay) {
    return ScheduleTrigger.of(new ScheduleTrigger.When.OnceAfter(delay));
  }

  /**
   * The files of a folder.
   *
   * @param folder the name of a local resource of the role, else a path
   */
  public static FilesTrigger files(String folder) {
    return FilesTrigger.of(folder);
  }

  /** Requests to a path of an endpoint. */
  public static HttpTrigger http(HttpTrigger.Method method, String path) {
    return HttpTrigger.of(method, path);
  }
}
