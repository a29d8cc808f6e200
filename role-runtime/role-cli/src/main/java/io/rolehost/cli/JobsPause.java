package io.rolehost.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code rolehost jobs pause}. */
@Command(
    name = "pause",
    description = {
      "Has nobody take from a queue, or a schedule tick no more, on all machines, until it is"
          + " resumed.",
      "What is being handled ends; what is sent waits. Ticks meanwhile are recorded as paused."
    })
final class JobsPause implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "QUEUE|SCHEDULE",
      description = "Its name; 'schedule:NAME' or 'queue:NAME' where there are both.")
  private String name = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why; shown to whoever wonders.")
  private String reason = "";

  @ParentCommand private JobsCommand jobs = new JobsCommand();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("name", name);
    parameters.put("reason", reason);
    JobHosts.Reply reply = JobHosts.of(place).act("pause", parameters);
    if (jobs.json()) {
      place.printJson(reply.body());
    } else {
      place.print(reply.detail());
    }
    return 0;
  }
}
