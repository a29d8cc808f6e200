package io.rolehost.cli;

import io.rolehost.freeze.FreezeText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10m",
      description =
          "With --wait: give up waiting after this time, with exit code 75; the node goes on."
              + " Default: ${DEFAULT-VALUE}")
  private String timeout = "";

  @Mixin private Following following = new Following();

  @Mixin private Place place = new Place();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("role", role);
    request.put("instances", instances);
    request.put("timeoutMillis", timeoutMillis());
    return following.give(
        place, "scale", request, _ -> place.print(role + ": " + instances + " instances"));
  }

  private long timeoutMillis() {
    try {
      return FreezeText.duration(timeout).toMillis();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--timeout: " + e.getMessage(), e);
    }
  }
}
