package io.rolehost.node;

import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What freezes the instances of a node. Every method may be called from any thread. */
public interface Freezes extends AutoCloseable {

  /** Returns what covers an instance now, as {@code <reason> by <owner>}; empty = nothing. */
  List<String> covering(Identity who);

  /** Returns every freeze by what was read last, whoever it covers, be it ended. */
  List<Freeze> all();

  /**
   * Stores a freeze; it replaces the one of the same scope and owner.
   *
   * @throws IOException if it can't be stored; the message is for a person
   */
  void put(Freeze freeze) throws IOException;

  /** Calls {@code changed} on some thread when the answer may have become another. */
  void onChange(Runnable changed);

  /**
   * Returns in how long to ask again though nothing was told: a freeze ends, a clock was set, or a
   * new jar may have ended an automatic freeze.
   */
  Duration nextChange();

  @Override
  void close();
}
