package io.rolehost.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code rolehost jobs redrive}. */
@Command(
    name = "redrive",
    description = {
      "Sends dead letters back to their queue, to be tried afresh; each keeps its id and history.",
      "Of all, those that are there when it begins: what dies again stays dead."
    })
final class JobsRedrive implements Callable<Integer> {

  @Mixin private JobsChosen chosen = new JobsChosen();

  @ParentCommand private JobsCommand jobs = new JobsCommand();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    chosen.check();
    Map<String, Object> result = chosen.act(JobHosts.of(place), "redrive");
    return JobsChosen.tell(place, jobs.json(), result, "are tried again");
  }
}
