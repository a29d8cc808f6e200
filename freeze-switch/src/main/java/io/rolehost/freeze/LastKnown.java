package io.rolehost.freeze;

import io.rolehost.freeze.SourceAnswer.Knowledge;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a source that reads files knows, from one reading to the next. Pure.
 *
 * <p>A freeze is believed at once. That one has gone is believed at once only if the reading proves
 * it; else it must still be so {@link #SETTLE_NANOS} later, because an editor that saves by
 * renaming or truncating leaves the file missing or short for a moment, and a held role must not
 * slip through.
 *
 * @param answer what to say
 * @param everRead whether a reading ever succeeded
 * @param doubt the loss that is waiting to be believed, if any
 */
record LastKnown(SourceAnswer answer, boolean everRead, @Nullable Doubt doubt) {

  /** Longer than an editor takes to save, short enough to be seen within 100 ms. */
  static final long SETTLE_NANOS = 40_000_000;

  /** Where every source begins. */
  static final LastKnown NOTHING =
      new LastKnown(
          new SourceAnswer(List.of(), new Knowledge.Unknown("nothing was read yet")), false, null);

  /** What one look at a file gave. */
  sealed interface Reading {

    /**
     * It could be read.
     *
     * @param proof whether it proves that freezes it does not name are gone
     */
    record Success(List<Freeze> freezes, boolean proof) implements Reading {}

    /**
     * It could not.
     *
     * @param problem what was wrong
     * @param ifNeverRead what it freezes if nothing was ever read before
     */
    record Failure(String problem, List<Freeze> ifNeverRead) implements Reading {}
  }

  /** Some freezes seem gone since {@code nanos}. */
  record Doubt(List<Freeze> left, long nanos) {}

  /**
   * Takes in a reading. Told apart by {@code instanceof}: the first pattern switch of a process
   * costs more than all else at the start, and this runs there.
   *
   * @param now for {@code stale since}
   * @param nanos a monotonic reading of the same moment
   */
  LastKnown next(Reading reading, Instant now, long nanos) {
    if (reading instanceof Reading.Success read) {
      return read(read.freezes(), read.proof(), nanos);
    }
    return failed((Reading.Failure) reading, now);
  }

  private LastKnown read(List<Freeze> freezes, boolean proof, long nanos) {
    if (proof || losesNothing(freezes) || settled(freezes, nanos)) {
      return new LastKnown(SourceAnswer.known(freezes), true, null);
    }
    boolean again = doubt != null && doubt.left().equals(freezes);
    return new LastKnown(answer, everRead, again ? doubt : new Doubt(freezes, nanos));
  }

  private LastKnown failed(Reading.Failure failure, Instant now) {
    if (!everRead) {
      Knowledge unknown = new Knowledge.Unknown(failure.problem());
      return new LastKnown(new SourceAnswer(failure.ifNeverRead(), unknown), false, null);
    }
    Instant since = answer.knowledge() instanceof Knowledge.Stale stale ? stale.since() : now;
    Knowledge stale = new Knowledge.Stale(since, failure.problem());
    return new LastKnown(new SourceAnswer(answer.freezes(), stale), true, null);
  }

  /** Returns how long to wait before the next look; {@link Long#MAX_VALUE} = until a change. */
  long nanosToNext(long nanos) {
    return doubt == null ? Long.MAX_VALUE : Math.max(0, SETTLE_NANOS - (nanos - doubt.nanos()));
  }

  private boolean losesNothing(List<Freeze> freezes) {
    return answer.freezes().isEmpty() || new HashSet<>(freezes).containsAll(answer.freezes());
  }

  private boolean settled(List<Freeze> freezes, long nanos) {
    return doubt != null && doubt.left().equals(freezes) && nanos - doubt.nanos() >= SETTLE_NANOS;
  }
}
