package io.rolehost.node;

import io.rolehost.freeze.CrashLoop;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.Identity;
import io.rolehost.node.journal.NodeJournal;
import io.rolehost.node.solution.NodeSettings;
import io.rolehost.runtime.journal.PastIncarnations;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node saw of the incarnations of one instance, for the verdict of a crash loop: read from
 * the journal that it keeps of the instance, so that a node that is killed and started again goes
 * on counting. Used by the node's thread alone.
 */
final class CrashHistory {
  private final NodeSettings.AutoFreeze settings;
  private final NodeJournal journal;

  CrashHistory(NodeSettings.AutoFreeze settings, NodeJournal journal) {
    this.settings = settings;
    this.journal = journal;
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
            journal.recent(PastIncarnations.TYPES), who, now, settings.limits(), stored)
        : Optional.empty();
  }

  /**
   * Returns the freeze for a crash loop.
   *
   * @param incarnation the one that is not to start
   */
  Freeze freeze(CrashLoop.Verdict loop, Identity who, long incarnation, Instant now) {
    return loop.freeze(who, incarnation, now, settings.lasting());
  }

  /** An automatic freeze was stored: the next start is no earlier than its end. */
  void froze(CrashLoop.Verdict loop, long incarnation, Freeze freeze) {
    journal.froze(
        incarnation,
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
}
