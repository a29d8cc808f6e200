package io.rolehost.jobs.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The schedules that were declared, by whichever process, and whether operators paused them. */
public interface ScheduleRows {

  /**
   * One schedule.
   *
   * @param role whose processes declare it
   * @param hash of what says when it ticks; another one means that it was edited
   * @param described for people
   * @param since when this hash was declared first
   * @param seen when a process declared it last
   */
  record Row(
      String name,
      String role,
      String hash,
      String described,
      Instant since,
      Instant seen,
      Optional<Paused> paused) {}

  /** What a process says of a schedule that it declares; see {@link Row}. */
  record Declaration(String name, String role, String hash, String described) {}

  /** A pause by an operator. */
  record Paused(String by, String reason, Instant since) {}

  /** Writes that a process declares schedules, and returns their rows as they are now, in order. */
  List<Row> declare(List<Declaration> declarations);

  /** Returns one schedule. */
  Optional<Row> find(String name);

  /** Returns all schedules by name. */
  List<Row> list();

  /** Pauses a schedule; false if it is unknown. A second pause replaces the first. */
  boolean pause(String name, String by, String reason);

  /** Ends a pause; false if there was none. */
  boolean resume(String name);

  /** Forgets a schedule that no process declares any more, and its ticks; false if unknown. */
  boolean forget(String name);
}
