package io.rolehost.jobs.operate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.ledger.ScheduleRows;
import io.rolehost.jobs.ledger.Ticks;
import io.rolehost.jobs.queue.Counts;
import io.rolehost.jobs.queue.DeadLetter;
import io.rolehost.jobs.queue.Failure;
import io.rolehost.jobs.queue.Letter;
import io.rolehost.jobs.schedule.ScheduleView;
import io.rolehost.jobs.schedule.Upcoming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is told, as values that are JSON. Pure. */
final class Views {

  /** So much of a payload is enough to know it again. */
  private static final int MAX_PAYLOAD = 2_000;

  private static final int MAX_ERROR = 4_000;

  private Views() {}

  /**
   * Returns a queue.
   *
   * @param facts empty if the broker tells none, or does not have it yet
   * @param counts empty if this process does not handle it
   */
  static Map<String, Object> queue(
      String name, Optional<QueueFacts> facts, Optional<Counts> counts, Set<String> paused) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("queue", name);
    facts.ifPresent(known -> {
      values.put("waiting", known.waiting());
      known.oldest().ifPresent(age -> values.put("oldestSeconds", seconds(age)));
      values.put("scheduled", known.scheduled());
      values.put("taken", known.taken());
      values.put("dead", known.dead());
      values.put("parked", known.parked());
      values.put("receivers", known.receivers());
    });
    values.put("handled", counts.isPresent());
    counts.ifPresent(here -> {
      values.put("running", here.running());
      values.put("done", here.done());
      values.put("failed", here.failed());
      values.put("retried", here.retried());
    });
    if (!paused.isEmpty()) {
      values.put("paused", String.join("; ", paused));
    }
    return values;
  }

  static Map<String, Object> deadLetter(DeadLetter dead) {
    Letter letter = dead.letter();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("id", letter.id().value());
    values.put("type", letter.type());
    values.put("at", dead.at().toString());
    values.put("reason", dead.reason().toLowerCase(Locale.ROOT).replace('_', ' '));
    List<Failure> history = letter.history();
    values.put(
        "failure",
        history.isEmpty() ? dead.error().lines().findFirst().orElse("") : history.getLast().text());
    values.put("attempts", letter.attempts());
    List<Object> failures = new ArrayList<>();
    for (Failure each : history) {
      failures.add(
          Map.of("attempt", each.attempt(), "at", each.at().toString(), "failure", each.text()));
    }
    values.put("history", failures);
    values.put("error", cut(dead.error(), MAX_ERROR));
    values.put("correlation", letter.correlationId());
    letter.group().ifPresent(group -> values.put("group", group));
    if (!letter.headers().isEmpty()) {
      values.put("headers", letter.headers());
    }
    values.put("payload", cut(new String(letter.body(), UTF_8), MAX_PAYLOAD));
    return values;
  }

  static Map<String, Object> upcoming(Upcoming schedule) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("schedule", schedule.name());
    schedule.next().ifPresent(next -> values.put("next", next.toString()));
    schedule.paused().ifPresent(paused -> values.put("paused", paused(paused)));
    return values;
  }

  static Map<String, Object> schedule(ScheduleView view) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("schedule", view.name());
    values.put("queue", view.queue());
    values.put("when", view.described());
    view.paused().ifPresent(paused -> values.put("paused", paused(paused)));
    values.put("next", view.next().stream().map(next -> (Object) next.toString()).toList());
    values.put("last", view.last().stream().map(tick -> (Object) tick(tick)).toList());
    return values;
  }

  private static Map<String, Object> paused(ScheduleRows.Paused paused) {
    return Map.of("by", paused.by(), "reason", paused.reason(), "since", paused.since().toString());
  }

  private static Map<String, Object> tick(Ticks.Entry tick) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("planned", tick.planned().toString());
    values.put("outcome", tick.outcome().name().toLowerCase(Locale.ROOT));
    tick.job().ifPresent(job -> values.put("job", job.value()));
    values.put("lateSeconds", seconds(Duration.between(tick.planned(), tick.decided())));
    tick.ended().ifPresent(ended -> values.put("ended", ended.toString()));
    return values;
  }

  static Map<String, Object> job(JobStatus status) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("id", status.id().value());
    values.put("type", status.type());
    values.put("queue", status.queue());
    values.put("state", status.state().name());
    values.put("attempts", status.attempts());
    JobStatus.Progress progress = status.progress();
    if (!progress.equals(JobStatus.Progress.NONE)) {
      values.put(
          "progress",
          Map.of("done", progress.done(), "total", progress.total(), "text", progress.text()));
    }
    status.failure().ifPresent(failure -> values.put("failure", failure));
    status.result().ifPresent(result -> values.put("result", cut(result, MAX_PAYLOAD)));
    values.put("submitted", status.submittedAt().toString());
    values.put("changed", status.changedAt().toString());
    status.keptUntil().ifPresent(until -> values.put("keptUntil", until.toString()));
    return values;
  }

  /** Returns a job without a row, which only the process that runs it knows. */
  static Map<String, Object> running(String queue, JobId id) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("id", id.value());
    values.put("queue", queue);
    values.put("state", JobStatus.State.RUNNING.name());
    values.put("tracked", false);
    return values;
  }

  static double seconds(Duration length) {
    return length.toMillis() / 1000.0;
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "…";
  }
}
