package io.rolehost.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rolehost explain}. */
@Command(
    name = "explain",
    description = "Says why an instance is as it is: not ready, restarted, frozen, and what next.")
final class ExplainCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "INSTANCE",
      description = "An instance, or a role for all of it. Default: all.")
  private String target = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Map<String, Object> answer =
        place.node().isUp() ? place.ask("explain", Map.of("target", target)) : lone();
    if (json) {
      place.printJson(answer);
    } else if (answer.get("lines") instanceof List<?> lines) {
      lines.forEach(line -> place.print(String.valueOf(line)));
    }
    return 0;
  }

  private Map<String, Object> lone() throws Refused, IOException {
    List<LoneHosts.Found> found = new ArrayList<>(LoneHosts.find(place.stateDir()));
    if (found.isEmpty()) {
      throw LoneHosts.nothingRuns(place.stateDir());
    }
    found.removeIf(host ->
        !target.isEmpty()
            && !host.instance().equals(target)
            && !target.equals(host.status().get("role")));
    if (found.isEmpty()) {
      throw new Refused(Failures.USAGE, "no instance or role is named '" + target + "'");
    }
    List<String> lines = new ArrayList<>();
    for (LoneHosts.Found host : found) {
      host.http().get("/explain").body().lines().forEach(lines::add);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("lines", lines);
    return answer;
  }
}
