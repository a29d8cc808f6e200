package io.rolehost.runtime.management;

import io.rolehost.runtime.management.AuditEntry.Outcome;
import io.rolehost.runtime.management.RequestRules.Decision.Attempt;
import io.rolehost.runtime.management.Route.Verb;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Has each change that was asked for over HTTP written down, and each that was refused, as far as
 * {@link RefusalBudget} goes. On a thread of its own, since writing takes a disk's time, which the
 * plane's thread does not have. Any thread.
 */
final class AuditTrail implements AutoCloseable {

  private static final Logger LOG = System.getLogger(AuditTrail.class.getName());
  private static final int QUEUE = 256;

  /** Values that nobody should have put into a query, and that do not belong into a journal. */
  private static final Pattern SECRET =
      Pattern.compile(".*(token|password|secret|authorization|key)");

  private final Managed view;
  private final RefusalBudget budget = new RefusalBudget();
  private final AtomicLong lost = new AtomicLong();
  private final ThreadPoolExecutor writer;

  AuditTrail(Managed view) {
    this.view = view;
    writer =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            work -> {
              Thread thread = new Thread(work, "rolehost-management-audit");
              thread.setDaemon(true);
              return thread;
            });
    writer.allowCoreThreadTimeOut(true);
  }

  /** Returns whether what came of this is written down: changes, and what only an admin may see. */
  static boolean isAbout(Route route, Verb verb) {
    return verb.writes() || route.needs(verb) == Right.ADMIN;
  }

  /** Somebody who may has asked for something, and was answered. */
  void answered(Route route, Verb verb, Right right, Request request, String from, int status) {
    if (isAbout(route, verb)) {
      write(
          new AuditEntry(
              verb + " " + request.path(),
              target(request.query()),
              right.text() + " token",
              from,
              String.join(", ", request.query().getOrDefault("by", List.of())),
              Outcome.of(status),
              budget.takeUnsaid()));
    }
  }

  /**
   * Somebody was refused. Of what they sent only the route is kept, nothing they could choose.
   *
   * @param nanos now
   */
  void refused(Attempt attempt, boolean tokenShown, String from, int status, long nanos) {
    if (!isAbout(attempt.route(), attempt.verb())) {
      return;
    }
    OptionalLong passedOver = budget.spend(nanos);
    if (passedOver.isEmpty()) {
      return;
    }
    String caller =
        attempt.right() != Right.NONE
            ? attempt.right().text() + " token"
            : tokenShown ? "an unknown token" : "no token";
    write(
        new AuditEntry(
            attempt.verb() + " " + attempt.route().path(),
            "",
            caller,
            from,
            "",
            Outcome.of(status),
            passedOver.getAsLong()));
  }

  private void write(AuditEntry entry) {
    try {
      writer.execute(() -> view.audited(entry));
    } catch (RejectedExecutionException _) {
      // The disk does not keep up, or the plane is going down: the log has its own way to the disk.
      LOG.log(
          Level.WARNING,
          "Not in the journal ({0} so far): {1}",
          lost.incrementAndGet(),
          entry.sentence());
    }
  }

  private static String target(Map<String, List<String>> query) {
    StringBuilder target = new StringBuilder();
    query.forEach((name, values) -> {
      if (!name.equals("by")) {
        boolean secret = SECRET.matcher(name.toLowerCase(Locale.ROOT)).matches();
        target.append(target.isEmpty() ? "" : "&").append(name).append('=');
        target.append(secret ? "***" : String.join(",", values));
      }
    });
    return target.toString();
  }

  /** Writes what is left, for a short while. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(200, TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "{0} audit entries were not written", writer.getQueue().size());
        writer.shutdownNow();
      }
    } catch (InterruptedException _) {
      writer.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
