package io.rolehost.node;

import io.rolehost.freeze.Freeze;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What freezes the instances of a node. Every method may be called from any thread. */
public interface Freezes extends AutoCloseable {

  /** Returns what covers an instance now, as {@code <reason> by <owner>}; empty = nothing. */
  List<String> covering(String role, String instanceId);

  /**
   * Stores a freeze; it replaces the one of the same scope and owner.
   *
   * @throws IOException if it can't be stored; the message is for a person
   */
  void put(Freeze freeze) throws IOException;

  /** Calls {@code changed} on some thread when the answer may have become another. */
  void onChange(Runnable changed);

  /** Returns in how long the answer changes by itself, because a freeze ends. */
  Duration nextChange();

  @Override
  void close();
}
