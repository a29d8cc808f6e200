package io.rolehost.node;

import io.rolehost.freeze.CrashLoop;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.Identity;
import io.rolehost.node.process.RoleHashes;
import io.rolehost.node.solution.NodeSettings;
import io.rolehost.runtime.journal.Journal;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.journal.PastIncarnations;
import io.rolehost.runtime.process.Ticks;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a node saw of the incarnations of one instance, for the verdict of a crash loop: in {@code
 * <state-dir>/journal/<instance>.node.jsonl}, beside what the instance writes of itself, so that a
 * node that is killed and started again goes on counting. What stands behind an end belongs to the
 * next start. Used by the node's thread alone.
 */
final class CrashHistory implements AutoCloseable {
  private final Path stateDir;
  private final String instanceId;
  private final NodeSettings.AutoFreeze settings;
  private final InstantSource clock;
  private final Ticks ticks;
  private long incarnation;
  private Journal journal;

  /**
   * Reads what earlier nodes wrote.
   *
   * @param earlierIncarnations how many there were, should the journal know of fewer
   */
  CrashHistory(
      NodeSettings node,
      String instanceId,
      long earlierIncarnations,
      InstantSource clock,
      Ticks ticks) {
    this.stateDir = node.stateDir();
    this.instanceId = instanceId;
    this.settings = node.autoFreeze();
    this.clock = clock;
    this.ticks = ticks;
    this.journal = open(earlierIncarnations + 1);
    Iterator<JournalEntry> starts = journal.earlier(Set.of(PastIncarnations.START));
    long last = starts.hasNext() ? starts.next().incarnation() : 0;
    if (last > earlierIncarnations) {
      reopen(last + 1);
    }
  }

  /** Returns how many incarnations there were when the last one that was started had ended. */
  long earlierIncarnations() {
    return incarnation - 1;
  }

  /** A process was started. */
  void started(long number, String from, RoleHashes hashes) {
    if (number != incarnation) {
      reopen(number); // those between could not be started
    }
    append(
        PastIncarnations.START,
        from,
        "STARTING",
        "start #" + number,
        Map.of(PastIncarnations.BUILD, hashes.build(), PastIncarnations.CONFIG, hashes.config()));
  }

  /** The process has another state. */
  void moved(String from, String to, String cause) {
    append("transition", from, to, cause, Map.of());
  }

  /**
   * The process ended.
   *
   * @param asked whether somebody had asked for it
   */
  void ended(String from, int code, boolean asked) {
    append(
        "end",
        from,
        "STOPPED",
        asked ? "asked to stop" : "",
        Map.of(PastIncarnations.CODE, code, PastIncarnations.ASKED, asked));
    reopen(incarnation + 1);
  }

  /**
   * Returns the crash loop; empty if there is none or the settings do not want to know.
   *
   * @param who what would be started next
   * @param stored every freeze that is stored, be it ended
   */
  Optional<CrashLoop.Verdict> judge(Identity who, List<Freeze> stored, Instant now) {
    return settings.enabled()
        ? PastIncarnations.judge(
            journal.earlier(PastIncarnations.TYPES), who, now, settings.limits(), stored)
        : Optional.empty();
  }

  /** Returns the freeze for a crash loop. */
  Freeze freeze(CrashLoop.Verdict loop, Identity who, Instant now) {
    return loop.freeze(who, incarnation, now, settings.lasting());
  }

  /** An automatic freeze was stored: the next start is no earlier than its end. */
  void froze(CrashLoop.Verdict loop, Freeze freeze) {
    append(
        PastIncarnations.CRASH_LOOP,
        "BACKOFF",
        "FROZEN",
        freeze.reason(),
        Map.of(
            PastIncarnations.FREEZE,
            freeze.id(),
            "kind",
            loop.kind().text(),
            "ends",
            loop.ends(),
            "until",
            freeze.until().map(Instant::toString).orElse("")));
  }

  private void append(
      String type, String from, String to, String cause, Map<String, Object> detail) {
    var _ = journal.append(type, from, to, cause, detail);
  }

  private void reopen(long number) {
    journal.close();
    journal = open(number);
  }

  private Journal open(long number) {
    incarnation = number;
    return Journal.open(stateDir, instanceId + ".node", number, clock, ticks);
  }

  @Override
  public void close() {
    journal.close();
  }
}
