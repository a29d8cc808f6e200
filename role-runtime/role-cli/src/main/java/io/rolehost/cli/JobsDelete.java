package io.rolehost.cli;

import java.io.Console;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code rolehost jobs delete}. */
@Command(
    name = "delete",
    description = "Deletes dead letters for good. At a terminal it asks first.")
final class JobsDelete implements Callable<Integer> {

  @Mixin private JobsChosen chosen = new JobsChosen();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  @ParentCommand private JobsCommand jobs = new JobsCommand();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    chosen.check();
    JobHosts hosts = JobHosts.of(place);
    if (!yes && !isWanted()) {
      throw new Refused(Failures.TRY_AGAIN, "Nothing was deleted.");
    }
    Map<String, Object> result = chosen.act(hosts, "delete");
    return JobsChosen.tell(place, jobs.json(), result, "are deleted");
  }

  @SuppressWarnings("SystemConsoleNull") // it is null in 25 where there is no terminal
  private boolean isWanted() throws Refused {
    @Nullable Console console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new Refused(
          Failures.USAGE,
          "This would delete %s for good. Where nobody can be asked, say --yes."
              .formatted(chosen.inWords()));
    }
    @Nullable String answer = console.readLine("Delete %s for good? [y/N] ", chosen.inWords());
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
  }
}
