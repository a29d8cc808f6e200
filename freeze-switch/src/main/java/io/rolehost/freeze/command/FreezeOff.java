package io.rolehost.freeze.command;

import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeStore;
import io.rolehost.freeze.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who ends it, for the journal. Default: your login name.")
  private @Nullable String by;

  @Mixin private FreezePlace place = new FreezePlace();

  @Mixin private Waiting waiting = new Waiting();

  private final Fleet fleet;

  /** For picocli. */
  public FreezeOff() {
    this(new RunDirectory());
  }

  /**
   * For another command.
   *
   * @param fleet whom {@code --wait} asks
   */
  public FreezeOff(Fleet fleet) {
    this.fleet = fleet;
  }

  @Override
  public Integer call() {
    Instant now = Instant.now();
    try (FreezeStore store = place.store()) {
      Optional<Path> waitsIn = waiting.place(place);
      List<Freeze> removed =
          store.removeIf(wanted(), by == null ? Login.name(System.getenv()) : by);
      List<Freeze> left = new ArrayList<>(store.lastKnown().freezes());
      left.removeIf(freeze -> freeze.endedAt(now));
      if (place.json) {
        Map<String, Object> values = FreezePlace.values(store);
        values.put("removed", removed.stream().map(Freeze::toMap).toList());
        values.put("left", left.stream().map(Freeze::toMap).toList());
        List<Acknowledgement> found = await(waitsIn, removed, left);
        waitsIn.ifPresent(_ -> Waiting.put(values, found));
        place.print(values);
        return Waiting.code(found);
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
      return waitsIn.isEmpty() || removed.isEmpty()
          ? 0
          : Waiting.print(await(waitsIn, removed, left), place);
    } catch (IOException notStored) {
      return place.notStored(notStored);
    } catch (IllegalArgumentException wrong) {
      return place.wrong(wrong);
    }
  }

  private List<Acknowledgement> await(
      Optional<Path> waitsIn, List<Freeze> removed, List<Freeze> left) {
    return waitsIn
        .map(folder ->
            waiting.await(
                fleet,
                folder,
                seen -> Acknowledgement.ofEnd(removed, left, seen),
                place.progress()))
        .orElse(List.of());
  }

  private Predicate<Freeze> wanted() {
    Scope of = scope == null ? null : Scope.parse(scope);
    String only = id;
    return freeze ->
        (of == null || freeze.scope().equals(of)) && (only == null || freeze.id().equals(only));
  }
}
