package io.rolehost.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rolehost scale}. */
@Command(
    name = "scale",
    description = {
      "Has a role have so many instances: new ones start, those with the highest numbers leave in"
          + " order.",
      "It outlives the node; the next 'rolehost deploy' goes by the solution again."
    })
final class ScaleCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "ROLE", description = "The role.")
  private String role = "";

  @Parameters(index = "1", paramLabel = "N", description = "How many; 0 or more.")
  private int instances;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Map<String, Object> answer = place.ask("scale", Map.of("role", role, "instances", instances));
    if (json) {
      place.printJson(answer);
    } else {
      place.print(role + ": " + instances + " instances");
    }
    return 0;
  }
}
