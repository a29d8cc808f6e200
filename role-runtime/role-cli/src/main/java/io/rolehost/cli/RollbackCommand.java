package io.rolehost.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rolehost rollback}. */
@Command(
    name = "rollback",
    description =
        "Has a role run what it ran before its last deploy, one update domain after another.")
final class RollbackCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "ROLE", description = "The role.")
  private String role = "";

  @Mixin private Following following = new Following();

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    return following.give(
        place,
        "rollback",
        Map.of("role", role),
        answer -> Following.each(answer, "renewing", id -> place.print("taking back " + id)));
  }
}
