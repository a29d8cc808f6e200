package io.rolehost.runtime.journal;

/**
 * Is told what happens to an instance: each entry of its journal from the first of this start on,
 * in order, one at a time, holding no lock. Found by {@code ServiceLoader}; without one nothing is
 * called.
 *
 * <p>Called on whichever thread made the entry, so it must not block. What it throws is logged, and
 * it is told no more.
 */
@FunctionalInterface
public interface JournalObserver {

  /** Something happened. */
  void happened(JournalEntry entry);
}
