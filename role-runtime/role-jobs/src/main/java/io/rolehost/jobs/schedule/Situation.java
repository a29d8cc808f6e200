package io.rolehost.jobs.schedule;

import java.time.Instant;
import java.util.Set;

/**
 * What is known when a schedule is due.
 *
 * @param planned the first tick that nothing was decided of
 * @param begun planned ticks that a process began to send before it was lost
 * @param unfinished how many runs have not ended, those of {@code begun} among them
 */
record Situation(Instant planned, Instant now, Gate gate, Set<Instant> begun, int unfinished) {

  /** Whether ticks may be sent. */
  enum Gate {
    /** They may. */
    OPEN,
    /** An operator paused the schedule. */
    PAUSED,
    /** The role is frozen and was asked to take nothing then. */
    FROZEN
  }

  Situation {
    begun = Set.copyOf(begun);
  }
}
