package io.rolehost.cli;

import io.rolehost.node.control.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rolehost logs}: from the files, so also when nothing runs. */
@Command(
    name = "logs",
    description = "Shows what the newest start of each instance printed, also after its end.")
final class LogsCommand implements Callable<Integer> {
  private static final long POLL_MILLIS = 200;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "INSTANCE|ROLE",
      description = "Whose output. Default: that of all.")
  private String target = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what is printed from now on, until interrupted.")
  private boolean follow;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "100",
      description = "How many lines of each instance to begin with. Default: ${DEFAULT-VALUE}.")
  private int most = 100;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Path directory = place.stateDir().resolve("log");
    Map<String, LogTail> tails = new TreeMap<>();
    for (Map.Entry<String, Path> found : meant(directory).entrySet()) {
      LogTail tail = LogTail.nearEnd(found.getValue());
      List<String> lines = tail.next();
      print(found.getKey(), lines.subList(Math.max(0, lines.size() - most), lines.size()));
      tails.put(found.getKey(), tail);
    }
    if (tails.isEmpty() && !follow) {
      throw new Refused(
          Failures.TRY_AGAIN,
          "There is no output"
              + (target.isEmpty() ? "" : " of '" + target + "'")
              + " in "
              + directory
              + ": go to the folder where it was started, or name its --state-dir");
    }
    while (follow && !place.out().checkError()) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      goOn(directory, tails);
    }
    return 0;
  }

  private void goOn(Path directory, Map<String, LogTail> tails) throws IOException {
    for (Map.Entry<String, Path> found : meant(directory).entrySet()) {
      String instance = found.getKey();
      LogTail tail = tails.computeIfAbsent(instance, _ -> LogTail.fromStart(found.getValue()));
      print(instance, tail.next());
      if (!tail.file().equals(found.getValue())) {
        LogTail next = LogTail.fromStart(found.getValue());
        tails.put(instance, next);
        print(instance, next.next());
      }
    }
  }

  private Map<String, Path> meant(Path directory) {
    Map<String, Path> meant = new TreeMap<>(LogFiles.newest(directory));
    meant.keySet().removeIf(instance -> !LogFiles.isMeant(instance, target));
    return meant;
  }

  private void print(String instance, List<String> lines) {
    for (String line : lines) {
      if (json) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("instance", instance);
        values.put("line", line);
        place.out().println(Json.line(values));
      } else {
        place.out().println(instance + " | " + line);
      }
    }
    place.out().flush();
  }
}
