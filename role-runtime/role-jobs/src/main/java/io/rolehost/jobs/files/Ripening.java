package io.rolehost.jobs.files;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which files of a folder have stood still for long enough, and which versions were taken already.
 * Knows no clock and no disk: it is told what was seen and when. For one thread.
 */
final class Ripening {

  /** How a file stands. */
  enum Ripeness {
    /** This very version was taken. */
    TAKEN,
    /** It changed a moment ago, or was seen for the first time. */
    WAITS,
    /** It has stood still for so long that it counts as whole. */
    RIPE
  }

  private record Seen(Version version, long since) {}

  private final long settleNanos;
  // In the order of since, the oldest first: what changes goes to the end.
  private final Map<String, Seen> waiting = new LinkedHashMap<>();
  private final Map<String, String> taken = new HashMap<>();

  Ripening(long settleNanos) {
    this.settleNanos = settleNanos;
  }

  /** Takes note of a file as it is at {@code nanos}, and says how it stands. */
  Ripeness see(String path, Version version, long nanos) {
    if (version.text().equals(taken.get(path))) {
      waiting.remove(path);
      return Ripeness.TAKEN;
    }
    Seen before = waiting.get(path);
    if (before == null || !before.version().equals(version)) {
      waiting.remove(path);
      waiting.put(path, new Seen(version, nanos));
      return settleNanos <= 0 ? Ripeness.RIPE : Ripeness.WAITS;
    }
    return nanos - before.since() >= settleNanos ? Ripeness.RIPE : Ripeness.WAITS;
  }

  /** It is not whole though it stands still: it begins to wait again. */
  void notYet(String path, long nanos) {
    Seen before = waiting.remove(path);
    if (before != null) {
      waiting.put(path, new Seen(before.version(), nanos));
    }
  }

  /** This version was taken. */
  void taken(String path, Version version) {
    waiting.remove(path);
    taken.put(path, version.text());
  }

  /**
   * These versions were taken before.
   *
   * @param receipts texts of versions by path
   */
  void taken(Map<String, String> receipts) {
    taken.putAll(receipts);
  }

  /** The file is gone; should it come back, its receipt is asked again. */
  void gone(String path) {
    waiting.remove(path);
    taken.remove(path);
  }

  /** Forgets all files but these, after the whole folder was read. */
  void retain(Set<String> present) {
    waiting.keySet().retainAll(present);
    taken.keySet().retainAll(present);
  }

  /** Returns which files have waited long enough to be looked at again, the oldest first. */
  List<String> due(long nanos) {
    List<String> due = new ArrayList<>();
    for (Map.Entry<String, Seen> entry : waiting.entrySet()) {
      if (nanos - entry.getValue().since() < settleNanos) {
        break;
      }
      due.add(entry.getKey());
    }
    return due;
  }

  /** Returns when the next file is due; empty if none waits. */
  OptionalLong next() {
    return waiting.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(waiting.values().iterator().next().since() + settleNanos);
  }

  int waiting() {
    return waiting.size();
  }

  int known() {
    return taken.size();
  }
}
