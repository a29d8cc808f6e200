package io.rolehost.freeze;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a source says: its freezes, and how well it knows.
 *
 * @param freezes all of them, whoever they cover, ended ones too
 * @param knowledge how far to trust {@code freezes}
 */
public record SourceAnswer(List<Freeze> freezes, Knowledge knowledge) {

  /** Copies the list. */
  public SourceAnswer {
    freezes = List.copyOf(freezes);
  }

  /** How well a source knows what it says. */
  public sealed interface Knowledge {

    /** Returns what is wrong with the source, as a sentence; empty if nothing is. */
    Optional<String> problem();

    /** The last read succeeded. */
    record Known() implements Knowledge {
      @Override
      public Optional<String> problem() {
        return Optional.empty();
      }
    }

    /**
     * The last read failed; what was read before still counts.
     *
     * @param since when it first failed
     * @param why what was wrong, where, and what to do
     */
    record Stale(Instant since, String why) implements Knowledge {
      @Override
      public Optional<String> problem() {
        return Optional.of("stale since " + since + ": " + why);
      }
    }

    /**
     * It has never been read.
     *
     * @param why what was wrong, where, and what to do
     */
    record Unknown(String why) implements Knowledge {
      @Override
      public Optional<String> problem() {
        return Optional.of("never read: " + why);
      }
    }
  }

  /** Returns an answer that was read just now. */
  public static SourceAnswer known(List<Freeze> freezes) {
    return new SourceAnswer(freezes, new Knowledge.Known());
  }

  /**
   * Returns what a source says after a reading that failed: what was read before still counts, and
   * what was never read stays unknown.
   *
   * @param now since when it is stale, if it was not before
   * @param why what was wrong, where, and what to do
   */
  public SourceAnswer failed(Instant now, String why) {
    return new SourceAnswer(
        freezes,
        switch (knowledge) {
          case Knowledge.Known() -> new Knowledge.Stale(now, why);
          case Knowledge.Stale(var since, _) -> new Knowledge.Stale(since, why);
          case Knowledge.Unknown(_) -> new Knowledge.Unknown(why);
        });
  }
}
