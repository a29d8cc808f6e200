package io.rolehost.freeze;

import java.time.Instant;

/**
 * That somebody ended a freeze before its time.
 *
 * @param id of the freeze
 * @param scope of the freeze
 * @param by who ended it; never blank
 * @param at when
 */
public record Ending(String id, Scope scope, String by, Instant at) {

  /** Keeps the name as one line of bounded length. */
  public Ending {
    by = Freeze.oneLine(by);
  }
}
