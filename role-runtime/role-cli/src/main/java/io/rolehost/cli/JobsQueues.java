package io.rolehost.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code rolehost jobs queues}. */
@Command(
    name = "queues",
    description = {
      "Shows each queue: what waits and for how long, what is being handled, dead letters.",
      "WAITING could be taken now; LATER waits for its time or its next attempt."
    })
final class JobsQueues implements Callable<Integer> {

  @ParentCommand private JobsCommand jobs = new JobsCommand();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    List<JobHosts.Reply> replies = JobHosts.of(place).lookAll(Map.of("what", "queues"));
    Map<String, Map<String, Object>> queues = merged(replies);
    List<String> problems =
        replies.stream()
            .filter(reply -> reply.body().containsKey("problem"))
            .map(reply -> reply.instance() + ": " + reply.body().get("problem"))
            .toList();
    if (jobs.json()) {
      place.printJson(Map.of("queues", List.copyOf(queues.values()), "problems", problems));
      return 0;
    }
    problems.forEach(place::print);
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("QUEUE", "WAITING", "OLDEST", "LATER", "TAKEN", "DEAD", "DONE", "STATE"));
    for (Map<String, Object> row : queues.values()) {
      cells.add(
          List.of(
              JobsText.text(row, "queue"),
              JobsText.text(row, "waiting"),
              JobsText.seconds(row, "oldestSeconds"),
              JobsText.text(row, "scheduled"),
              JobsText.text(row, "taken"),
              JobsText.text(row, "dead"),
              JobsText.text(row, "done"),
              state(row)));
    }
    place.printTable(cells);
    return 0;
  }

  /** Returns what an operator has to know of a queue in words; empty if all is as it should be. */
  static String state(Map<String, Object> row) {
    String paused = JobsText.plain(row, "paused");
    if (!paused.isEmpty()) {
      return "paused: " + paused;
    }
    String parked = JobsText.plain(row, "parked");
    String handled =
        row.get("handledBy") instanceof List<?> list && !list.isEmpty()
            ? ""
            : "nobody takes from it";
    String aside =
        parked.isEmpty() || parked.equals("0") ? "" : parked + " parked: nobody knows their type";
    return handled.isEmpty() ? aside : aside.isEmpty() ? handled : handled + "; " + aside;
  }

  /** Returns the queues that any of them has told of, by name. Pure. */
  static Map<String, Map<String, Object>> merged(List<JobHosts.Reply> replies) {
    Map<String, Map<String, Object>> queues = new TreeMap<>();
    for (JobHosts.Reply reply : replies) {
      for (Map<?, ?> row : reply.rows("queues")) {
        merge(queues, row, reply.instance());
      }
    }
    return queues;
  }

  /** What the broker knows is the same for all who share it; what a process did is added up. */
  private static void merge(
      Map<String, Map<String, Object>> queues, Map<?, ?> row, String instance) {
    String name = String.valueOf(row.get("queue"));
    Map<String, Object> all = queues.computeIfAbsent(name, _ -> new LinkedHashMap<>());
    List<Object> handledBy =
        all.get("handledBy") instanceof List<?> before
            ? new ArrayList<>(before)
            : new ArrayList<>();
    boolean handles = Boolean.TRUE.equals(row.get("handled"));
    row.forEach((key, value) -> {
      String field = String.valueOf(key);
      switch (field) {
        case "running", "done", "failed", "retried" -> all.merge(field, value, JobsText::sum);
        case "handled" -> {}
        default -> {
          if (handles) {
            all.put(field, value);
          } else {
            all.putIfAbsent(field, value);
          }
        }
      }
    });
    if (handles) {
      handledBy.add(instance);
    }
    all.put("handledBy", handledBy);
  }
}
