package io.rolehost.freeze.command;

import io.rolehost.freeze.Durability;
import io.rolehost.freeze.FileSource;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeStore;
import io.rolehost.freeze.FreezeText;
import io.rolehost.freeze.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freeze-switch on}, and {@code rolehost freeze}. */
@Command(
    name = "on",
    description = "Blocks starts and restarts until somebody ends it, or for a while.",
    exitCodeOnInvalidInput = FreezePlace.USAGE)
public final class FreezeOn implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      defaultValue = "*",
      paramLabel = "SCOPE",
      description =
          "What to freeze: * (in quotes; the default), deployment:NAME, role:NAME or instance:ID.")
  private String scope = "*";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why, in one sentence.")
  private String reason = "";

  @Option(
      names = "--owner",
      paramLabel = "NAME",
      description = "Who freezes. Default: your login name.")
  private @Nullable String owner;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "Ends by itself after this time, for instance 30m, 2h or 1d.")
  private @Nullable String lasting;

  @Option(names = "--hold", description = "Also drain what runs, and hold it.")
  private boolean hold;

  @Option(
      names = "--evidence",
      paramLabel = "TEXT",
      description = "Where to read more: a ticket, a link, a folder.")
  private @Nullable String evidence;

  @Mixin private FreezePlace place = new FreezePlace();

  @Mixin private Waiting waiting = new Waiting();

  private final Fleet fleet;

  /** For picocli. */
  public FreezeOn() {
    this(new RunDirectory());
  }

  /**
   * For another command.
   *
   * @param fleet whom {@code --wait} asks
   */
  public FreezeOn(Fleet fleet) {
    this.fleet = fleet;
  }

  @Override
  public Integer call() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Freeze freeze;
    try {
      freeze =
          Freeze.of(
                  FreezeText.newId(now),
                  Scope.parse(scope),
                  owner == null ? Login.name(System.getenv()) : owner,
                  reason,
                  now)
              .withHold(hold);
      if (lasting != null) {
        freeze = freeze.withUntil(now.plus(FreezeText.duration(lasting)));
      }
      if (evidence != null) {
        freeze = freeze.withEvidence(evidence);
      }
    } catch (IllegalArgumentException wrong) {
      return place.wrong(wrong);
    }
    try (FreezeStore store = place.store()) {
      // Looked at before: a wait that can't be is found out before anything is frozen.
      Optional<Path> waitsIn = waiting.place(place);
      store.put(freeze);
      if (store instanceof FileSource file) {
        Durability.notice(file.file().resolveSibling(".").normalize())
            .ifPresent(notice -> place.warn("WARNING: " + notice));
      }
      if (place.json) {
        Map<String, Object> values = FreezePlace.values(store);
        values.put("freeze", freeze.toMap());
        List<Acknowledgement> found = await(waitsIn, freeze);
        waitsIn.ifPresent(_ -> Waiting.put(values, found));
        place.print(values);
        return Waiting.code(found);
      } else {
        place.print("Frozen: " + FreezePlace.describe(freeze, now));
        place.print(
            (hold
                    ? "What runs is drained and held, but for programs that are no role host"
                    : "What runs keeps working; its next start waits")
                + ". Stored in "
                + FreezePlace.where(store));
        return waitsIn.isEmpty() ? 0 : Waiting.print(await(waitsIn, freeze), place);
      }
    } catch (IOException notStored) {
      return place.notStored(notStored);
    } catch (IllegalArgumentException wrong) {
      return place.wrong(wrong);
    }
  }

  private List<Acknowledgement> await(Optional<Path> waitsIn, Freeze freeze) {
    return waitsIn
        .map(folder ->
            waiting.await(
                fleet, folder, seen -> Acknowledgement.ofFreeze(freeze, seen), place.progress()))
        .orElse(List.of());
  }
}
