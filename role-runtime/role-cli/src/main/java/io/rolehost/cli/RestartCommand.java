package io.rolehost.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rolehost restart}. */
@Command(
    name = "restart",
    description = {
      "Stops instances in order and starts them again by the newest build, whatever their state.",
      "Of a role, one update domain after another, and no more at once than its max-unavailable."
          + " Returns when the node has taken it on; 'rolehost status' shows how it goes."
    })
final class RestartCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "INSTANCE|ROLE",
      description = "An instance, or a role for all its instances.")
  private String target = "";

  @Mixin private Following following = new Following();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    return following.give(
        place,
        "restart",
        Map.of("target", target),
        answer -> {
          Map<?, ?> counts =
              answer.get("failures") instanceof Map<?, ?> counted ? counted : Map.of();
          Following.each(
              answer,
              "restarting",
              id ->
                  place.print(
                      "restarting "
                          + id
                          + (counts.containsKey(id)
                              ? "; " + counts.get(id) + " unclean ends in a row are counted"
                              : "")));
        });
  }
}
