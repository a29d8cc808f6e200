package io.rolehost.cli;

import io.rolehost.runtime.process.SystemTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rolehost status}. */
@Command(
    name = "status",
    description = {
      "Shows each instance in one of six words: starting, ready, not ready, stopping,"
          + " waiting to retry, frozen.",
      "At a terminal the last column is cut to its width; 'rolehost explain' has all of it."
    })
final class StatusCommand implements Callable<Integer> {

  @Option(names = "--full", description = "Also show the full name of each state.")
  private boolean full;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Place place = new Place();

  /** For picocli, which sets the options. */
  StatusCommand() {}

  StatusCommand(boolean full) {
    this.full = full;
  }

  @Override
  public Integer call() throws Exception {
    Map<String, Object> answer = place.node().isUp() ? place.ask("status", Map.of()) : lone();
    if (json) {
      place.printJson(answer);
      return 0;
    }
    List<InstanceRow> rows = InstanceRow.all(answer);
    place.printTable(StatusTable.cells(rows, full, new SystemTime().instant()));
    return 0;
  }

  /** Without a node the roles that were started by themselves are asked, each. */
  private Map<String, Object> lone() throws Refused {
    List<Map<String, Object>> found = LoneHosts.status(place.stateDir());
    if (found.isEmpty()) {
      throw LoneHosts.nothingRuns(place.stateDir());
    }
    return Map.of("instances", found);
  }
}
