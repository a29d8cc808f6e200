package io.rolehost.runtime.journal;

import java.time.Instant;
import java.util.Map;

/**
 * One thing that happened, as the journal, {@code /events} and incidents tell it.
 *
 * @param sequence counts up by one within an instance's state directory, over incarnations
 * @param at wall time, for people
 * @param nanos monotonic time, for differences within one incarnation
 * @param incarnation which start of the instance
 * @param type {@code start}, {@code crash-loop}, {@code transition}, {@code illegal}, {@code task},
 *     {@code freeze}, {@code unfreeze}, {@code health}, {@code config}, {@code lease}, {@code
 *     step}, {@code end}; a node's also {@code attempt-failed} and {@code gave-up}
 * @param from the state before; the same as {@code to} unless it is a transition
 * @param to the state after
 * @param cause one sentence for an operator
 * @param detail more, as values that are JSON: strings, numbers, booleans, lists, maps
 */
public record JournalEntry(
    long sequence,
    Instant at,
    long nanos,
    long incarnation,
    String type,
    String from,
    String to,
    String cause,
    Map<String, Object> detail) {

  /** Takes a copy of the map. */
  public JournalEntry {
    detail = Map.copyOf(detail);
  }
}
