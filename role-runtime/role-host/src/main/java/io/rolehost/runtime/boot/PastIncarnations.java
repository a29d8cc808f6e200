package io.rolehost.runtime.boot;

import io.rolehost.freeze.CrashLoop;
import io.rolehost.runtime.journal.JournalEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads from the journal how the incarnations before this one went. Pure. */
final class PastIncarnations {

  /** An incarnation's first entry; its detail has {@link #BUILD} and {@link #CONFIG}. */
  static final String START = "start";

  /** A crash loop was found; the detail has {@link #FREEZE}. */
  static final String CRASH_LOOP = "crash-loop";

  static final String BUILD = "build";
  static final String CONFIG = "config";
  static final String FREEZE = "freeze";

  /** The types of entries that are needed. */
  static final Set<String> TYPES = Set.of(START, CRASH_LOOP, "transition", "end");

  private static final Set<String> READY_STATES = Set.of("READY", "BUSY");

  private PastIncarnations() {}

  /**
   * Returns the incarnations, oldest first.
   *
   * @param newestFirst the entries of {@link #TYPES}; asked for no more of them than needed
   * @param now when the present incarnation began
   * @param most how many incarnations are enough
   * @param stableWindow nothing older is needed than an incarnation that was ready for so long
   * @param stored whether the automatic freeze of an id is still stored, be it ended
   */
  static List<CrashLoop.Past> of(
      Iterator<JournalEntry> newestFirst,
      Instant now,
      int most,
      Duration stableWindow,
      Predicate<String> stored) {
    List<CrashLoop.Past> found = new ArrayList<>();
    @Nullable Entries open = null;
    Instant nextStart = now;
    while (newestFirst.hasNext()) {
      JournalEntry entry = newestFirst.next();
      if (open != null && open.newest.incarnation() != entry.incarnation()) {
        CrashLoop.Past past = open.past(nextStart, stored);
        nextStart = past.startedAt();
        found.addFirst(past);
        open = null;
        if (found.size() >= most || isStable(past, stableWindow)) {
          return found;
        }
      }
      if (open == null) {
        open = new Entries(entry);
      }
      open.add(entry);
    }
    if (open != null) {
      found.addFirst(open.past(nextStart, stored));
    }
    return found;
  }

  private static boolean isStable(CrashLoop.Past past, Duration stableWindow) {
    return past.readyFor().isPresent() && past.readyFor().get().compareTo(stableWindow) >= 0;
  }

  /** What is known of one incarnation, from its end back to its start. */
  private static final class Entries {
    private final JournalEntry newest;
    private JournalEntry oldest;
    private String lastState = "";
    private @Nullable JournalEntry ready;
    private @Nullable JournalEntry end;
    private String build = "";
    private String config = "";
    private String freeze = "";

    Entries(JournalEntry newest) {
      this.newest = newest;
      this.oldest = newest;
    }

    void add(JournalEntry entry) {
      oldest = entry;
      switch (entry.type()) {
        case "end" -> end = end == null ? entry : end;
        case START -> {
          build = text(entry.detail(), BUILD);
          config = text(entry.detail(), CONFIG);
        }
        case CRASH_LOOP -> freeze = text(entry.detail(), FREEZE);
        default -> {
          lastState = lastState.isEmpty() ? entry.to() : lastState;
          if (READY_STATES.contains(entry.to()) || READY_STATES.contains(entry.from())) {
            ready = entry;
          }
        }
      }
    }

    /**
     * A killed one is taken to have lived until the next start: rather a loop that is seen late
     * than a freeze for an instance that ran for days before the machine went down.
     */
    CrashLoop.Past past(Instant nextStart, Predicate<String> stored) {
      JournalEntry ended = end;
      JournalEntry wasReady = ready;
      Optional<Duration> readyFor =
          wasReady == null
              ? Optional.empty()
              : Optional.of(
                  ended == null
                      ? Duration.between(wasReady.at(), nextStart)
                      : Duration.ofNanos(ended.nanos() - wasReady.nanos()));
      return new CrashLoop.Past(
          oldest.at(),
          Optional.ofNullable(ended).map(JournalEntry::at),
          readyFor,
          ended != null && ended.detail().get("code") instanceof Number code
              ? OptionalInt.of(code.intValue())
              : OptionalInt.empty(),
          ended == null ? "" : ended.cause(),
          ended != null || !lastState.equals("HELD"),
          build,
          config,
          freeze.isEmpty()
              ? CrashLoop.Trial.NONE
              : stored.test(freeze) ? CrashLoop.Trial.ONE_TRY : CrashLoop.Trial.LIFTED);
    }

    private static String text(Map<String, Object> detail, String key) {
      return detail.get(key) instanceof String text ? text : "";
    }
  }
}
