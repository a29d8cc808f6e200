package io.rolehost.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code rolehost jobs schedules}. */
@Command(
    name = "schedules",
    description = {
      "Shows each schedule: when it comes next, and what became of its last tick.",
      "--full shows the next five times and the last ticks, missed ones too."
    })
final class JobsSchedules implements Callable<Integer> {

  @Option(names = "--full", description = "Also the next five times and the last ticks of each.")
  private boolean full;

  @ParentCommand private JobsCommand jobs = new JobsCommand();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Map<String, Map<?, ?>> schedules = new TreeMap<>();
    for (JobHosts.Reply reply : JobHosts.of(place).lookAll(Map.of("what", "schedules"))) {
      for (Map<?, ?> row : reply.rows("schedules")) {
        schedules.putIfAbsent(String.valueOf(row.get("schedule")), row);
      }
    }
    if (jobs.json()) {
      place.printJson(Map.of("schedules", List.copyOf(schedules.values())));
    } else if (schedules.isEmpty()) {
      place.print("No role that runs here has a schedule.");
    } else if (full) {
      schedules.values().forEach(this::print);
    } else {
      table(schedules);
    }
    return 0;
  }

  private void table(Map<String, Map<?, ?>> schedules) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("SCHEDULE", "NEXT", "LAST", "BECAME", "WHEN"));
    schedules.forEach((name, row) -> {
      List<?> last = list(row, "last");
      Map<?, ?> tick = !last.isEmpty() && last.getFirst() instanceof Map<?, ?> map ? map : Map.of();
      List<?> next = list(row, "next");
      cells.add(
          List.of(
              name,
              row.get("paused") instanceof Map<?, ?>
                  ? "paused"
                  : next.isEmpty() ? "never" : JobsText.time(next.getFirst()),
              JobsText.time(tick, "planned"),
              JobsText.text(tick, "outcome"),
              JobsText.text(row, "when")));
    });
    place.printTable(cells);
  }

  private void print(Map<?, ?> row) {
    place.print(JobsText.text(row, "schedule") + "  " + JobsText.text(row, "when"));
    if (row.get("paused") instanceof Map<?, ?> paused) {
      place.print(
          "  paused since "
              + JobsText.time(paused, "since")
              + " by "
              + JobsText.text(paused, "by")
              + ": "
              + JobsText.text(paused, "reason"));
    }
    for (Object next : list(row, "next")) {
      place.print("  next  " + JobsText.time(next));
    }
    for (Object each : list(row, "last")) {
      if (each instanceof Map<?, ?> tick) {
        place.print(
            "  last  "
                + JobsText.time(tick, "planned")
                + "  "
                + JobsText.text(tick, "outcome")
                + (tick.get("job") == null ? "" : "  " + tick.get("job")));
      }
    }
  }

  private static List<?> list(Map<?, ?> row, String name) {
    return row.get(name) instanceof List<?> list ? list : List.of();
  }
}
