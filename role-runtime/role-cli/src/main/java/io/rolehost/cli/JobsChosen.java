package io.rolehost.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The dead letters that a verb is about, and how it gets through with all of them. */
final class JobsChosen {

  /** As many ids as fit into a request line. */
  private static final int AT_ONCE = 50;

  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue they came from.")
  private String queue = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "ID",
      description = "Those of these jobs.")
  private List<String> ids = new ArrayList<>();

  @Option(names = "--all", description = "All that are there now.")
  private boolean all;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  String queue() {
    return queue;
  }

  boolean isAll() {
    return all;
  }

  /** Returns what is meant, in words. */
  String inWords() {
    return all
        ? "all dead letters of \"" + queue + "\""
        : ids.size()
            + (ids.size() == 1 ? " dead letter" : " dead letters")
            + " of \""
            + queue
            + "\"";
  }

  void check() {
    if (all == !ids.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          all ? "Say either --all or which jobs, not both" : "Say which jobs, or --all");
    }
  }

  /** Has them acted on, piece by piece. */
  Map<String, Object> act(JobHosts hosts, String verb) throws Refused {
    long count = 0;
    List<Object> missing = new ArrayList<>();
    if (all) {
      Map<String, String> parameters = new LinkedHashMap<>(Map.of("queue", queue, "all", "true"));
      boolean more = true;
      while (more) {
        Map<String, Object> answer = hosts.act(verb, parameters).body();
        count += number(answer);
        more = Boolean.TRUE.equals(answer.get("more"));
        // What came back as a dead letter meanwhile is another matter.
        parameters.put("before", String.valueOf(answer.getOrDefault("before", "")));
      }
    } else {
      for (int from = 0; from < ids.size(); from += AT_ONCE) {
        List<String> some = ids.subList(from, Math.min(ids.size(), from + AT_ONCE));
        Map<String, Object> answer =
            hosts.act(verb, Map.of("queue", queue, "ids", String.join(",", some))).body();
        count += number(answer);
        if (answer.get("missing") instanceof List<?> list) {
          missing.addAll(list);
        }
      }
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("queue", queue);
    result.put("count", count);
    result.put("missing", missing);
    return result;
  }

  private static long number(Map<String, Object> answer) {
    return answer.get("count") instanceof Number number ? number.longValue() : 0;
  }

  /** Prints what came of it; the exit code says whether all were there. */
  static int tell(Place place, boolean json, Map<String, Object> result, String done) {
    List<?> missing = result.get("missing") instanceof List<?> list ? list : List.of();
    if (json) {
      place.printJson(result);
    } else {
      place.print(result.get("count") + " of \"" + result.get("queue") + "\" " + done);
      missing.forEach(id -> place.print(id + " is no dead letter of it"));
    }
    return missing.isEmpty() ? 0 : Failures.USAGE;
  }
}
