package io.rolehost.jobs.operate;

import io.rolehost.api.Operations.Answer;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.ledger.JobFilter;
import io.rolehost.jobs.queue.Counts;
import io.rolehost.jobs.queue.Selection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Answers questions. Safe for all threads. */
final class Looks {

  private static final int MOST_DEAD = 200;
  private static final int MOST_JOBS = 500;
  private static final int MOST_SCHEDULES = 500;
  private static final int MOST_QUEUES = 1_000;

  private final Parts parts;

  Looks(Parts parts) {
    this.parts = parts;
  }

  /** Never waits for broker or ledger. */
  Map<String, Object> summary() {
    Sample sample = parts.sampler().last();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("queues", queues(sample, parts.queues().counts().keySet()));
    values.put(
        "schedules",
        sample.schedules().stream()
            .limit(MOST_SCHEDULES)
            .map(each -> (Object) Views.upcoming(each))
            .toList());
    sample
        .at()
        .ifPresent(at ->
            values.put(
                "sampledSecondsAgo", Views.seconds(Duration.between(at, parts.clock().instant()))));
    problem(sample).ifPresent(problem -> values.put("problem", problem));
    return values;
  }

  /**
   * Answers one question.
   *
   * @throws JobsUnavailableException if broker or ledger can't be asked
   * @throws Unanswerable if the question is wrong
   */
  Answer look(Map<String, String> query) throws Unanswerable {
    String what = query.getOrDefault("what", "queues");
    return switch (what) {
      case "queues" -> queues();
      case "dead" -> dead(query);
      case "schedules" -> schedules(query);
      case "jobs" -> jobs(query);
      case "job" -> job(Unanswerable.required(query, "id"));
      default ->
          throw new Unanswerable(
              400, "what is one of queues, dead, schedules, jobs, job; was \"" + what + "\"");
    };
  }

  private Answer queues() {
    if (parts.queues().tellsFacts() && parts.queues().problem().isEmpty()) {
      parts.sampler().sample();
    }
    Sample sample = parts.sampler().last();
    Set<String> names = new TreeSet<>(parts.queues().counts().keySet());
    sample.queues().forEach(facts -> names.add(facts.queue()));
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("queues", queues(sample, names));
    sample.at().ifPresent(at -> values.put("sampledAt", at.toString()));
    problem(sample).ifPresent(problem -> values.put("problem", problem));
    return new Answer(200, values);
  }

  private List<Object> queues(Sample sample, Set<String> names) {
    Map<String, Counts> counts = parts.queues().counts();
    List<Object> rows = new ArrayList<>();
    for (String name : names.stream().limit(MOST_QUEUES).toList()) {
      rows.add(
          Views.queue(
              name,
              sample.queue(name),
              Optional.ofNullable(counts.get(name)),
              parts.queues().paused(name)));
    }
    return rows;
  }

  private static Optional<String> problem(Sample sample) {
    List<String> problems =
        Stream.of(sample.brokerProblem(), sample.ledgerProblem())
            .filter(problem -> !problem.isEmpty())
            .toList();
    return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
  }

  private Answer dead(Map<String, String> query) throws Unanswerable {
    String queue = Unanswerable.required(query, "queue");
    parts.requireQueue(queue);
    int limit = Unanswerable.number(query, "limit", 100, MOST_DEAD);
    Selection which =
        new Selection.Matching(query.getOrDefault("type", ""), query.getOrDefault("text", ""));
    List<Object> letters = new ArrayList<>();
    parts
        .queues()
        .deadLetters()
        .browse(queue, which, limit)
        .forEach(dead -> letters.add(Views.deadLetter(dead)));
    return new Answer(200, Map.of("queue", queue, "deadLetters", letters));
  }

  private Answer schedules(Map<String, String> query) throws Unanswerable {
    List<String> names = parts.schedules().names();
    String wanted = query.getOrDefault("schedule", "");
    if (!wanted.isEmpty() && !names.contains(wanted)) {
      throw new Unanswerable(404, "This role has no schedule \"" + wanted + "\"; it has " + names);
    }
    List<String> shown =
        wanted.isEmpty() ? names.stream().limit(MOST_SCHEDULES).toList() : List.of(wanted);
    List<Object> rows = new ArrayList<>();
    if (!shown.isEmpty()) {
      parts.schedules().views(shown).forEach(view -> rows.add(Views.schedule(view)));
    }
    return new Answer(200, Map.of("schedules", rows, "all", names.size()));
  }

  private Answer jobs(Map<String, String> query) throws Unanswerable {
    int limit = Unanswerable.number(query, "limit", 50, MOST_JOBS);
    Set<JobStatus.State> states = states(query.getOrDefault("state", ""));
    Optional<String> queue =
        Optional.ofNullable(query.get("queue")).filter(name -> !name.isEmpty());
    Map<String, Object> rows = new LinkedHashMap<>();
    if (parts.ledgerThere().getAsBoolean()) {
      parts
          .ledger()
          .jobs()
          .list(new JobFilter(queue, states), limit)
          .forEach(status -> rows.put(status.id().value(), Views.job(status)));
    }
    if (states.isEmpty() || states.contains(JobStatus.State.RUNNING)) {
      for (String name : parts.queues().counts().keySet()) {
        if (queue.isEmpty() || queue.get().equals(name)) {
          parts
              .queues()
              .running(name)
              .forEach(id -> rows.putIfAbsent(id.value(), Views.running(name, id)));
        }
      }
    }
    return new Answer(200, Map.of("jobs", rows.values().stream().limit(limit).toList()));
  }

  private static Set<JobStatus.State> states(String text) throws Unanswerable {
    Set<JobStatus.State> states = EnumSet.noneOf(JobStatus.State.class);
    for (String word : text.split(",", -1)) {
      if (!word.isBlank()) {
        try {
          states.add(JobStatus.State.valueOf(word.strip().toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException unknown) {
          throw new Unanswerable(
              400,
              "A job is "
                  + EnumSet.allOf(JobStatus.State.class)
                  + ", never \""
                  + word.strip()
                  + "\"");
        }
      }
    }
    return states;
  }

  private Answer job(String text) throws Unanswerable {
    JobId id = Unanswerable.id(text);
    if (parts.ledgerThere().getAsBoolean()) {
      Optional<JobStatus> found = parts.ledger().jobs().find(id);
      if (found.isPresent()) {
        return new Answer(200, Views.job(found.get()));
      }
    }
    for (String queue : parts.queues().counts().keySet()) {
      if (parts.queues().running(queue).contains(id)) {
        return new Answer(200, Views.running(queue, id));
      }
    }
    throw new Unanswerable(
        404,
        "Nothing is known of job "
            + id
            + ": it is not tracked and does not run here, or it ended so long ago that its row is"
            + " gone.");
  }
}
