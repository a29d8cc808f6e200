package io.rolehost.freeze.command;

import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeStore;
import io.rolehost.freeze.SourceAnswer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code freeze-switch status}. */
@Command(
    name = "status",
    description = "Shows who froze what, why and until when.",
    exitCodeOnInvalidInput = FreezePlace.USAGE)
public final class FreezeStatus implements Callable<Integer> {

  @Mixin private FreezePlace place = new FreezePlace();

  /** For picocli. */
  public FreezeStatus() {}

  @Override
  public Integer call() {
    Instant now = Instant.now();
    try (FreezeStore store = place.store()) {
      SourceAnswer answer = store.answer();
      Optional<String> problem = answer.knowledge().problem();
      List<Freeze> active =
          answer.freezes().stream().filter(freeze -> !freeze.endedAt(now)).toList();
      if (place.json) {
        Map<String, Object> values = FreezePlace.values(store);
        values.put("frozen", !active.isEmpty());
        values.put("freezes", active.stream().map(Freeze::toMap).toList());
        problem.ifPresent(text -> values.put("problem", text));
        place.print(values);
      } else if (active.isEmpty()) {
        place.print("Not frozen by " + FreezePlace.where(store));
      } else {
        for (Freeze freeze : active) {
          place.print("Frozen: " + FreezePlace.describe(freeze, now));
        }
      }
      return problem.isPresent() ? FreezePlace.TRY_AGAIN : 0;
    } catch (IllegalArgumentException wrong) {
      return place.wrong(wrong);
    }
  }
}
