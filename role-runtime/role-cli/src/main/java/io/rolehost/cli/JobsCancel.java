package io.rolehost.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code rolehost jobs cancel}. */
@Command(
    name = "cancel",
    description =
        "Asks for a job's end: one that waits never runs, one that runs is told by its token.")
final class JobsCancel implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "ID", description = "The job.")
  private String id = "";

  @ParentCommand private JobsCommand jobs = new JobsCommand();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    JobHosts.Reply reply = JobHosts.of(place).act("cancel", Map.of("id", id));
    if (jobs.json()) {
      place.printJson(reply.body());
    } else {
      place.print(reply.detail());
    }
    return 0;
  }
}
