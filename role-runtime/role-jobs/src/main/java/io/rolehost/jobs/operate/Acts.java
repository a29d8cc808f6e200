package io.rolehost.jobs.operate;

import io.rolehost.api.Operations.Answer;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.queue.DeadLetters;
import io.rolehost.jobs.queue.Selection;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Does what operators want. Safe for all threads. */
final class Acts {

  /** As many as are moved in about a second; who wants all asks again. */
  private static final int AT_ONCE = 200;

  private static final String SCHEDULE = "schedule:";
  private static final String QUEUE = "queue:";

  private final Parts parts;

  Acts(Parts parts) {
    this.parts = parts;
  }

  /**
   * Acts.
   *
   * @throws io.rolehost.jobs.JobsUnavailableException if broker or ledger can't be reached
   * @throws Unanswerable if what is asked for is wrong, or not there
   */
  Answer act(String verb, Map<String, String> parameters, String by) throws Unanswerable {
    return switch (verb) {
      case "redrive" -> move(parameters, "sent back", DeadLetters::redrive);
      case "delete" -> move(parameters, "deleted", DeadLetters::delete);
      case "pause" -> pause(parameters, by);
      case "resume" -> resume(Unanswerable.required(parameters, "name"));
      case "run" -> run(Unanswerable.required(parameters, "schedule"));
      case "cancel" -> cancel(Unanswerable.id(Unanswerable.required(parameters, "id")));
      default ->
          throw new Unanswerable(
              400,
              "do is one of redrive, delete, pause, resume, run, cancel; was \"" + verb + "\"");
    };
  }

  private interface Move {
    int apply(DeadLetters letters, String queue, Selection which, Instant before, int most);
  }

  private Answer move(Map<String, String> parameters, String done, Move move) throws Unanswerable {
    String queue = Unanswerable.required(parameters, "queue");
    parts.requireQueue(queue);
    DeadLetters letters = parts.queues().deadLetters();
    Map<String, Object> values = new LinkedHashMap<>();
    int count = 0;
    if (parameters.getOrDefault("all", "").equals("true")) {
      Instant before = before(parameters.getOrDefault("before", ""));
      count = move.apply(letters, queue, new Selection.All(), before, AT_ONCE);
      values.put("more", count == AT_ONCE);
      values.put("before", before.toString());
    } else {
      List<String> missing = new ArrayList<>();
      List<JobId> ids = ids(Unanswerable.required(parameters, "ids"));
      for (JobId id : ids) {
        int moved = move.apply(letters, queue, new Selection.One(id), parts.clock().instant(), 1);
        count += moved;
        if (moved == 0) {
          missing.add(id.value());
        }
      }
      values.put("missing", missing);
    }
    values.put("count", count);
    values.put(
        "detail",
        count + (count == 1 ? " dead letter of \"" : " dead letters of \"") + queue + "\" " + done);
    return new Answer(200, values);
  }

  private Instant before(String text) throws Unanswerable {
    try {
      return text.isEmpty() ? parts.clock().instant() : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new Unanswerable(400, "before is an instant, was \"" + text + "\"");
    }
  }

  private static List<JobId> ids(String text) throws Unanswerable {
    List<JobId> ids = new ArrayList<>();
    for (String id : text.split(",", -1)) {
      ids.add(Unanswerable.id(id.strip()));
    }
    if (ids.size() > AT_ONCE) {
      throw new Unanswerable(400, "At most " + AT_ONCE + " ids at once, were " + ids.size());
    }
    return ids;
  }

  private Answer pause(Map<String, String> parameters, String by) throws Unanswerable {
    String name = Unanswerable.required(parameters, "name");
    String reason = parameters.getOrDefault("reason", "").strip();
    if (isSchedule(name)) {
      parts.schedules().pause(bare(name), by, reason);
      return said("Schedule \"" + bare(name) + "\" ticks no more until it is resumed");
    }
    parts.requireQueue(bare(name));
    parts.ledger().pauses().pause(bare(name), by, reason);
    parts.pausing().look();
    return said(
        "Nobody takes from \""
            + bare(name)
            + "\" until it is resumed; others see it within a second");
  }

  private Answer resume(String name) throws Unanswerable {
    boolean resumed;
    if (isSchedule(name)) {
      resumed = parts.schedules().resume(bare(name));
    } else {
      parts.requireQueue(bare(name));
      resumed = parts.ledgerThere().getAsBoolean() && parts.ledger().pauses().resume(bare(name));
      parts.pausing().look();
    }
    return said("\"" + bare(name) + "\" " + (resumed ? "goes on" : "was not paused"));
  }

  private boolean isSchedule(String name) throws Unanswerable {
    if (name.startsWith(SCHEDULE) || name.startsWith(QUEUE)) {
      boolean schedule = name.startsWith(SCHEDULE);
      if (schedule) {
        requireSchedule(bare(name));
      }
      return schedule;
    }
    boolean schedule = parts.schedules().names().contains(name);
    if (schedule && parts.queues().counts().containsKey(name)) {
      throw new Unanswerable(
          409,
          "There is a queue and a schedule of that name; say queue:%s or schedule:%s"
              .formatted(name, name));
    }
    return schedule;
  }

  private static String bare(String name) {
    return name.startsWith(SCHEDULE)
        ? name.substring(SCHEDULE.length())
        : name.startsWith(QUEUE) ? name.substring(QUEUE.length()) : name;
  }

  private void requireSchedule(String name) throws Unanswerable {
    List<String> names = parts.schedules().names();
    if (!names.contains(name)) {
      throw new Unanswerable(404, "This role has no schedule \"" + name + "\"; it has " + names);
    }
  }

  private Answer run(String schedule) throws Unanswerable {
    requireSchedule(schedule);
    JobId id = parts.schedules().runNow(schedule);
    return new Answer(
        200,
        Map.of(
            "job", id.value(), "detail", "Schedule \"" + schedule + "\" ticks now, as job " + id));
  }

  private Answer cancel(JobId id) throws Unanswerable {
    boolean asked = parts.ledgerThere().getAsBoolean() && parts.ledger().jobs().requestCancel(id);
    if (!parts.queues().cancelRunning(id) && !asked) {
      throw new Unanswerable(
          404,
          "There is nothing to cancel of job "
              + id
              + ": it has ended, or is a plain message that does not run here.");
    }
    return said("Job " + id + " was asked to end; 'rolehost jobs show' tells whether it has");
  }

  private static Answer said(String detail) {
    return new Answer(200, Map.of("detail", detail));
  }
}
