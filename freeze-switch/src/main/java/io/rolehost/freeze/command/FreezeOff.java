package io.rolehost.freeze.command;

import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeStore;
import io.rolehost.freeze.Scope;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freeze-switch off}, and {@code rolehost unfreeze} or {@code thaw}. */
@Command(
    name = "off",
    description = {
      "Ends freezes: those of a scope, the one with an id, or without either all in the file.",
      "A freeze by the flag rolehost.freeze.enabled is ended where it was set."
    },
    exitCodeOnInvalidInput = FreezePlace.USAGE)
public final class FreezeOff implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SCOPE",
      description = "Ends the freezes of exactly this scope; '*' too is one scope. Default: all.")
  private @Nullable String scope;

  @Option(names = "--id", description = "Ends the one freeze with this id.")
  private @Nullable String id;

  @Mixin private FreezePlace place = new FreezePlace();

  /** For picocli. */
  public FreezeOff() {}

  @Override
  public Integer call() {
    Instant now = Instant.now();
    try (FreezeStore store = place.store()) {
      List<Freeze> removed = store.removeIf(wanted());
      List<Freeze> left = new ArrayList<>(store.lastKnown().freezes());
      left.removeIf(freeze -> freeze.endedAt(now));
      if (place.json) {
        Map<String, Object> values = FreezePlace.values(store);
        values.put("removed", removed.stream().map(Freeze::toMap).toList());
        values.put("left", left.stream().map(Freeze::toMap).toList());
        place.print(values);
        return 0;
      }
      for (Freeze freeze : removed) {
        place.print("Ended: " + FreezePlace.describe(freeze, now));
      }
      if (removed.isEmpty()) {
        place.print(
            "Nothing to end"
                + (scope == null ? "" : " for " + scope)
                + " in "
                + FreezePlace.where(store));
      }
      for (Freeze freeze : left) {
        place.print("Still frozen: " + FreezePlace.describe(freeze, now));
      }
      return 0;
    } catch (IOException notStored) {
      return place.notStored(notStored);
    } catch (IllegalArgumentException wrong) {
      return place.wrong(wrong);
    }
  }

  private Predicate<Freeze> wanted() {
    Scope of = scope == null ? null : Scope.parse(scope);
    String only = id;
    return freeze ->
        (of == null || freeze.scope().equals(of)) && (only == null || freeze.id().equals(only));
  }
}
