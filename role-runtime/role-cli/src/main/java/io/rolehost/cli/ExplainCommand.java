package io.rolehost.cli;

import io.rolehost.node.control.LocalHttp;
import io.rolehost.node.control.RunFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** With more, the node alone is asked: a hundred processes tell more than anybody reads. */
  private static final int MOST_ASKED = 20;

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
    Map<String, Object> answer = place.node().isUp() ? ofNode() : lone();
    if (json) {
      place.printJson(answer);
    } else if (answer.get("lines") instanceof List<?> lines) {
      lines.forEach(line -> place.print(String.valueOf(line)));
    }
    return 0;
  }

  /** What the node knows, and behind each instance what its process says of itself. */
  private Map<String, Object> ofNode() throws Refused, IOException {
    Map<String, Object> all = place.ask("explain", Map.of("target", target));
    Map<String, Integer> ports = new LinkedHashMap<>();
    for (InstanceRow row : InstanceRow.all(place.ask("status", Map.of()))) {
      if (LogFiles.isMeant(row.instance(), target)) {
        ports.put(row.instance(), row.port().isEmpty() ? 0 : Integer.parseInt(row.port()));
      }
    }
    if (ports.size() > MOST_ASKED) {
      return all;
    }
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, Integer> instance : ports.entrySet()) {
      if (place.ask("explain", Map.of("target", instance.getKey())).get("lines")
          instanceof List<?> told) {
        told.forEach(line -> lines.add(String.valueOf(line)));
      }
      if (instance.getValue() > 0) {
        lines.addAll(ofProcess(instance.getKey(), instance.getValue()));
      }
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("lines", lines);
    return answer;
  }

  private List<String> ofProcess(String instance, int port) {
    Path token = place.stateDir().resolve("run").resolve(instance + ".token");
    List<String> lines = new ArrayList<>();
    try {
      LocalHttp.Response said = new RunFile(0, port, token).plane(PATIENCE).get("/explain");
      said.body().lines().forEach(line -> lines.add("  " + line));
    } catch (IOException e) {
      return List.of("  it does not answer itself: " + e.getMessage());
    }
    lines.addFirst("its process says:");
    return lines;
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
