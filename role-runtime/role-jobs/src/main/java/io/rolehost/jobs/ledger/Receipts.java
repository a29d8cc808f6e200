package io.rolehost.jobs.ledger;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which version of which file was taken. A receipt is written after its message was sent: a crash
 * in between sends a second one, with the same key.
 */
public interface Receipts {

  /** Returns the version that was taken last. */
  Optional<String> find(String trigger, String path);

  /** Returns the versions that were taken last, by path. */
  Map<String, String> all(String trigger);

  /** Writes which version was taken; the one before is forgotten. */
  void write(String trigger, String path, String version);

  /**
   * Notes that files are still there, and removes receipts of those that were not seen for {@code
   * unseen}; to be called after a whole rescan.
   */
  void retain(String trigger, Set<String> paths, Duration unseen);
}
