package io.rolehost.jobs.queue;

import io.rolehost.jobs.engine.Capability;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A letter and how it is to be sent.
 *
 * @param delay before which nobody gets it
 * @param dedupKey by which the broker refuses a second one
 */
public record Dispatch(String queue, Letter letter, Duration delay, Optional<String> dedupKey) {

  /** At once, and as often as it is sent. */
  static Dispatch of(String queue, Letter letter) {
    return new Dispatch(queue, letter, Duration.ZERO, Optional.empty());
  }

  Dispatch with(Letter other) {
    return new Dispatch(queue, other, delay, dedupKey);
  }

  /** Returns what the engine must be able to do. */
  Set<Capability> needs() {
    Set<Capability> needs = EnumSet.noneOf(Capability.class);
    if (delay.isPositive()) {
      needs.add(Capability.DELAY);
    }
    if (letter.priority() != Letter.DEFAULT_PRIORITY) {
      needs.add(Capability.PRIORITY);
    }
    if (letter.group().isPresent()) {
      needs.add(Capability.GROUPS);
    }
    // The ledger refuses a second job of the same id by itself.
    boolean byLedger = letter.tracked() && dedupKey.equals(Optional.of(letter.id().value()));
    if (dedupKey.isPresent() && !byLedger) {
      needs.add(Capability.DEDUP);
    }
    return needs;
  }
}
