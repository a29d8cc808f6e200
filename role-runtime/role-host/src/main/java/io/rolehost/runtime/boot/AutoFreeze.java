package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import io.rolehost.freeze.CrashLoop;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeSwitch;
import io.rolehost.freeze.Identity;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.journal.Journal;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.journal.PastIncarnations;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The freeze that a host sets for itself: counts at the start, over processes, and stores a freeze
 * if the ends so far are a crash loop. What a loop is, {@link CrashLoop} says.
 */
final class AutoFreeze {

  private static final System.Logger LOG = System.getLogger(AutoFreeze.class.getName());

  private final HostSettings.AutoFreeze settings;
  private final Journal journal;
  private final long incarnation;

  /**
   * @param counts false under a node, which counts the ends of its children itself
   */
  AutoFreeze(HostSettings.AutoFreeze settings, boolean counts, Journal journal, long incarnation) {
    this.settings =
        new HostSettings.AutoFreeze(
            settings.enabled() && counts, settings.limits(), settings.lasting());
    this.journal = journal;
    this.incarnation = incarnation;
  }

  /**
   * Counts, and stores a freeze if that is a crash loop. Reads what the sources said last; takes
   * the time of a few parsed lines, and of a forced write if there is something to store.
   */
  void judge(FreezeSwitch freezes, Instant now) {
    Identity who = freezes.identity();
    if (!settings.enabled() || freezes.lastVerdict(now).frozen()) {
      return;
    }
    PastIncarnations.judge(
            journal.earlier(PastIncarnations.TYPES), who, now, settings.limits(), freezes.all())
        .ifPresent(verdict -> freeze(freezes, verdict, now));
  }

  private void freeze(FreezeSwitch freezes, CrashLoop.Verdict verdict, Instant now) {
    Identity who = freezes.identity();
    Freeze freeze = verdict.freeze(who, incarnation, now, settings.lasting());
    String reason = freeze.reason();
    Optional<String> evidence = evidence();
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("kind", verdict.kind().text());
    detail.put("ends", verdict.ends());
    evidence.ifPresent(where -> detail.put("evidence", where));
    try {
      freezes.put(evidence.map(freeze::withEvidence).orElse(freeze));
      detail.put(PastIncarnations.FREEZE, freeze.id());
      detail.put("until", now.plus(settings.lasting()).toString());
    } catch (IOException e) {
      LOG.log(ERROR, "A crash loop can't be stopped: " + e.getMessage() + ". " + reason);
    }
    LOG.log(WARNING, reason);
    var _ = journal.append(PastIncarnations.CRASH_LOOP, "STARTING", "STARTING", reason, detail);
  }

  /** Returns the folder of the last incident; empty if the last one left none. */
  private Optional<String> evidence() {
    return journal
        .lastEnd()
        .map(JournalEntry::detail)
        .filter(end -> end.get("incident") instanceof String)
        .map(end -> String.valueOf(end.get("incident")));
  }
}
