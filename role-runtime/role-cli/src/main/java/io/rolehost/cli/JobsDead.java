package io.rolehost.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code rolehost jobs dead}. */
@Command(
    name = "dead",
    description = {
      "Shows the dead letters of a queue, the oldest first: when each was given up, and why.",
      "--full adds how each attempt failed and what was to be done."
    })
final class JobsDead implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue they came from.")
  private String queue = "";

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "100",
      description = "So many at most. Default: ${DEFAULT-VALUE}")
  private int lines;

  @Option(names = "--full", description = "Also print history, error and payload of each.")
  private boolean full;

  @ParentCommand private JobsCommand jobs = new JobsCommand();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("what", "dead");
    query.put("queue", queue);
    query.put("limit", String.valueOf(lines));
    JobHosts.Reply reply = JobHosts.of(place).look(query);
    if (jobs.json()) {
      place.printJson(reply.body());
      return 0;
    }
    List<Map<?, ?>> letters = reply.rows("deadLetters");
    if (letters.isEmpty()) {
      place.print("\"" + queue + "\" has no dead letters.");
      return 0;
    }
    if (full) {
      letters.forEach(this::print);
    } else {
      List<List<String>> cells = new ArrayList<>();
      cells.add(List.of("JOB", "SINCE", "TYPE", "ATTEMPTS", "REASON", "FAILURE"));
      for (Map<?, ?> letter : letters) {
        cells.add(
            List.of(
                JobsText.text(letter, "id"),
                JobsText.time(letter, "at"),
                JobsText.text(letter, "type"),
                JobsText.text(letter, "attempts"),
                JobsText.text(letter, "reason"),
                JobsText.text(letter, "failure")));
      }
      place.printTable(cells);
    }
    if (letters.size() == lines) {
      place.print("There may be more; --lines shows them.");
    }
    return 0;
  }

  private void print(Map<?, ?> letter) {
    place.print(
        JobsText.text(letter, "id")
            + "  "
            + JobsText.text(letter, "type")
            + ", dead since "
            + JobsText.time(letter, "at")
            + ": "
            + JobsText.text(letter, "reason"));
    if (letter.get("history") instanceof List<?> history) {
      for (Object each : history) {
        if (each instanceof Map<?, ?> failure) {
          place.print(
              "  attempt "
                  + JobsText.text(failure, "attempt")
                  + "  "
                  + JobsText.time(failure, "at")
                  + "  "
                  + JobsText.text(failure, "failure"));
        }
      }
    }
    if (letter.get("error") instanceof String error && !error.isEmpty()) {
      error.lines().forEach(line -> place.print("  " + line));
    }
    place.print("  payload  " + JobsText.text(letter, "payload"));
  }
}
