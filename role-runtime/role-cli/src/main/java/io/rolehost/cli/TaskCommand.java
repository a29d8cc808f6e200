package io.rolehost.cli;

import io.rolehost.node.control.LocalHttp;
import io.rolehost.node.control.RunFile;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rolehost task restart|stop|start}. */
@Command(
    name = "task",
    description = {
      "Restarts, stops or starts one task of an instance, and leaves the others alone.",
      "'rolehost status' and GET /status list the tasks."
    })
final class TaskCommand implements Callable<Integer> {

  /** A task that is to leave has seconds for that; the host answers before. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What may be done with a task. */
  enum Action {
    RESTART,
    STOP,
    START
  }

  @Parameters(
      index = "0",
      paramLabel = "restart|stop|start",
      description = "What to do with the task.")
  private Action action = Action.RESTART;

  @Parameters(index = "1", paramLabel = "INSTANCE", description = "Such as photo-worker_IN_0.")
  private String instance = "";

  @Parameters(
      index = "2",
      paramLabel = "TASK",
      description = "With the names of its groups before it: images/resize.")
  private String task = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Path stateDir = place.stateDir();
    RunFile file =
        RunFile.read(stateDir, instance)
            .filter(found -> ProcessHandle.of(found.pid()).isPresent())
            .orElseThrow(() ->
                new Refused(
                    Failures.TRY_AGAIN,
                    "No instance \"%s\" runs with the state directory %s. 'rolehost status' lists those that do."
                        .formatted(instance, stateDir)));
    LocalHttp.Response response =
        file.plane(PATIENCE)
            .withToken(place.token(instance))
            .send("POST", "/task?name=%s&do=%s".formatted(encoded(task), verb()), "");
    Map<String, Object> answer = response.json();
    if (response.status() >= 300) {
      throw new Refused(
          response.status() == 404 ? Failures.USAGE : Failures.TRY_AGAIN,
          String.valueOf(answer.getOrDefault("detail", response.body())));
    }
    if (json) {
      place.printJson(answer);
    } else {
      place.print(String.valueOf(answer.getOrDefault("detail", verb() + " " + task)));
    }
    return 0;
  }

  private String verb() {
    return action.name().toLowerCase(Locale.ROOT);
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }
}
