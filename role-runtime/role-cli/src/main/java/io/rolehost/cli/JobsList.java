package io.rolehost.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code rolehost jobs list}. */
@Command(
    name = "list",
    description = {
      "Shows jobs, the newest first: those that are tracked (HTTP, schedules, tracked()), and what"
          + " runs at this moment.",
      "A plain message is no row before it runs; 'rolehost jobs queues' counts those."
    })
final class JobsList implements Callable<Integer> {

  /** Where a job stands. */
  enum State {
    PENDING,
    RUNNING,
    DONE,
    FAILED,
    CANCELLED
  }

  @Option(
      names = "--state",
      split = ",",
      paramLabel = "STATE",
      description = "Only those that are: ${COMPLETION-CANDIDATES}.")
  private List<State> states = new ArrayList<>();

  @Option(names = "--queue", paramLabel = "QUEUE", description = "Only those of a queue.")
  private String queue = "";

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "50",
      description = "So many at most. Default: ${DEFAULT-VALUE}")
  private int lines;

  @ParentCommand private JobsCommand jobs = new JobsCommand();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("what", "jobs");
    query.put("limit", String.valueOf(lines));
    if (!queue.isEmpty()) {
      query.put("queue", queue);
    }
    if (!states.isEmpty()) {
      query.put("state", String.join(",", states.stream().map(State::name).toList()));
    }
    Map<String, Map<?, ?>> found = new LinkedHashMap<>();
    for (JobHosts.Reply reply : JobHosts.of(place).lookAll(query)) {
      reply.rows("jobs").forEach(row -> found.putIfAbsent(String.valueOf(row.get("id")), row));
    }
    List<Map<?, ?>> rows = found.values().stream().limit(lines).toList();
    if (jobs.json()) {
      place.printJson(Map.of("jobs", rows));
      return 0;
    }
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("JOB", "QUEUE", "STATE", "SENT", "ATTEMPTS", "PROGRESS"));
    for (Map<?, ?> row : rows) {
      cells.add(
          List.of(
              JobsText.text(row, "id"),
              JobsText.text(row, "queue"),
              JobsText.text(row, "state").toLowerCase(Locale.ROOT),
              JobsText.time(row, "submitted"),
              JobsText.text(row, "attempts"),
              progress(row)));
    }
    place.printTable(cells);
    return 0;
  }

  /** Returns how far a job is, or why it failed. */
  static String progress(Map<?, ?> row) {
    String failure = JobsText.plain(row, "failure");
    if (!failure.isEmpty()) {
      return failure;
    }
    if (row.get("progress") instanceof Map<?, ?> progress
        && progress.get("total") instanceof Number total
        && total.longValue() > 0) {
      return (JobsText.text(progress, "done")
              + "/"
              + total
              + " "
              + JobsText.plain(progress, "text"))
          .strip();
    }
    return "";
  }
}
