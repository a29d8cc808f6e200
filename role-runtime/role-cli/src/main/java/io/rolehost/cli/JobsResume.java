package io.rolehost.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code rolehost jobs resume}. */
@Command(
    name = "resume",
    description = "Ends a pause; ticks that were left out meanwhile are not made up for.")
final class JobsResume implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "QUEUE|SCHEDULE",
      description = "Its name; 'schedule:NAME' or 'queue:NAME' where there are both.")
  private String name = "";

  @ParentCommand private JobsCommand jobs = new JobsCommand();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("name", name);
    JobHosts.Reply reply = JobHosts.of(place).act("resume", parameters);
    if (jobs.json()) {
      place.printJson(reply.body());
    } else {
      place.print(reply.detail());
    }
    return 0;
  }
}
