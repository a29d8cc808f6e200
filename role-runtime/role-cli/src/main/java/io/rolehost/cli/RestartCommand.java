package io.rolehost.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rolehost restart}. */
@Command(
    name = "restart",
    description = {
      "Stops instances in order and starts them again, whatever their state.",
      "Of a role, one instance after another. Returns when the node has taken it on; 'rolehost"
          + " status' shows how it goes."
    })
final class RestartCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "INSTANCE|ROLE",
      description = "An instance, or a role for all its instances.")
  private String target = "";

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Map<String, Object> answer = place.ask("restart", Map.of("target", target));
    if (answer.get("restarting") instanceof List<?> ids) {
      ids.forEach(id -> place.print("restarting " + id));
    }
    return 0;
  }
}
