package io.rolehost.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  private static final Duration USUAL_WAIT = Duration.ofMinutes(10);

  @Parameters(index = "0", paramLabel = "ROLE", description = "The role.")
  private String role = "";

  @Parameters(index = "1", paramLabel = "N", description = "How many; 0 or more.")
  private int instances;

  @Mixin private Following following = new Following();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("role", role);
    request.put("instances", instances);
    request.put("timeoutMillis", USUAL_WAIT.toMillis());
    return following.give(
        place, "scale", request, _ -> place.print(role + ": " + instances + " instances"));
  }
}
