package io.rolehost.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rolehost deploy}. */
@Command(
    name = "deploy",
    description = {
      "Has the running node go by its solution as it is now: new jars, options, environment and"
          + " numbers of instances.",
      "One update domain after another; at the first instance that does not come up, those that"
          + " were changed go back to what they ran before."
    })
final class DeployCommand implements Callable<Integer> {

  @Parameters(
      arity = "0..*",
      paramLabel = "ROLE",
      description = "Only these roles. Default: all of the solution.")
  private List<String> roles = new ArrayList<>();

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description =
          "Deploy this jar to the one role named. It counts until the jar of the solution is"
              + " another, or the role is deployed again.")
  private @Nullable Path jar;

  @Option(names = "--dry-run", description = "Show what would change, and change nothing.")
  private boolean dryRun;

  @Mixin private Following following = new Following();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("roles", roles);
    request.put("dryRun", dryRun);
    if (jar != null) {
      request.put("jar", jar.toAbsolutePath().normalize().toString());
    }
    return following.give(
        place,
        "deploy",
        request,
        answer -> {
          Following.each(answer, "changes", place::print);
          if (answer.get("changes") instanceof List<?> changes && changes.isEmpty()) {
            place.print("nothing changes");
          }
        });
  }
}
