package io.rolehost.runtime.lifecycle;

/**
 * What follows when a start or a stop has used up its time. The words are those that users of
 * systemd asked for (issue 12334 there).
 */
public enum OnTimeout {
  /**
   * Of a start: a stop in order begins, whose grace bounds it. Of a stop: what is late is left
   * behind, and the process leaves by the ordinary exit, shutdown hooks included, within the kill
   * reserve.
   */
  TERMINATE,
  /** A thread dump and an incident are written, then the process is halted. */
  DUMP_THEN_KILL,
  /** The process is halted; only the end is written into the journal before. */
  KILL
}
