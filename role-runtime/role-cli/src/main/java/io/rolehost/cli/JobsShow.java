package io.rolehost.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code rolehost jobs show}. */
@Command(name = "show", description = "Shows all that is known of one job.")
final class JobsShow implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "ID", description = "The job.")
  private String id = "";

  @ParentCommand private JobsCommand jobs = new JobsCommand();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    JobHosts.Reply reply = JobHosts.of(place).look(Map.of("what", "job", "id", id));
    if (jobs.json()) {
      place.printJson(reply.body());
      return 0;
    }
    int width = reply.body().keySet().stream().mapToInt(String::length).max().orElse(0);
    reply
        .body()
        .forEach((key, value) -> {
          String said =
              value instanceof Map<?, ?> ? JobsList.progress(reply.body()) : String.valueOf(value);
          if (!said.isEmpty()) {
            place.print(key + " ".repeat(width - key.length() + 2) + said);
          }
        });
    return 0;
  }
}
