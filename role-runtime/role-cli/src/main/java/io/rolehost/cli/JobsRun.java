package io.rolehost.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code rolehost jobs run}. */
@Command(
    name = "run",
    description = "Has a schedule tick now, beside its planned ticks, also while it is paused.")
final class JobsRun implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "SCHEDULE", description = "The schedule.")
  private String schedule = "";

  @ParentCommand private JobsCommand jobs = new JobsCommand();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    JobHosts.Reply reply = JobHosts.of(place).act("run", Map.of("schedule", schedule));
    if (jobs.json()) {
      place.printJson(reply.body());
    } else {
      place.print(reply.detail());
    }
    return 0;
  }
}
