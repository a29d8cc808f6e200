package io.rolehost.runtime.journal;

import io.rolehost.freeze.CrashLoop;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeRule;
import io.rolehost.freeze.Identity;
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

/**
 * Reads from the journal how the incarnations of an instance went: for a host from its own, at its
 * start, and for a node from the one it keeps of each child. Pure.
 */
public final class PastIncarnations {

  /** An incarnation's first entry; its detail has {@link #BUILD} and {@link #CONFIG}. */
  public static final String START = "start";

  /** A crash loop was found; the detail has {@link #FREEZE}. */
  public static final String CRASH_LOOP = "crash-loop";

  /** A node's entry: a process ended badly, or could not be started, and is tried again. */
  public static final String ATTEMPT_FAILED = "attempt-failed";

  /** A node's entry: it ended, and is not tried again before somebody asks for it. */
  public static final String GAVE_UP = "gave-up";

  /** The last entry of an incarnation whose end is none of those. */
  public static final String END = "end";

  public static final String BUILD = "build";
  public static final String CONFIG = "config";
  public static final String FREEZE = "freeze";

  /** In the detail of an {@code end}: true if somebody had asked for it. */
  public static final String ASKED = "asked";

  /** In the detail of an end, by a node: true if the solution says that the code is no failure. */
  public static final String EXEMPT = "exempt";

  /** In the detail of an {@code end}: the exit code. */
  public static final String CODE = "code";

  /** In the detail of an end: the {@link Fingerprint#id} of what the role threw, if it is known. */
  public static final String FAILURE = "failure";

  /** The types of entries that are needed. */
  public static final Set<String> TYPES =
      Set.of(START, CRASH_LOOP, "transition", END, ATTEMPT_FAILED, GAVE_UP);

  /** The types of entries that tell of an end, if they have a {@link #CODE}. */
  public static final Set<String> ENDS = Set.of(END, ATTEMPT_FAILED, GAVE_UP);

  private static final Set<String> READY_STATES = Set.of("READY", "BUSY");

  private PastIncarnations() {}

  /**
   * Judges the incarnations so far.
   *
   * @param newestFirst the entries of {@link #TYPES}; asked for no more of them than needed
   * @param who what would be started next
   * @param now when that is
   * @param stored every freeze that is stored, be it ended
   * @return the crash loop; empty = there is none
   */
  public static Optional<CrashLoop.Verdict> judge(
      Iterator<JournalEntry> newestFirst,
      Identity who,
      Instant now,
      CrashLoop.Limits limits,
      List<Freeze> stored) {
    List<CrashLoop.Past> past =
        of(
            newestFirst,
            now,
            // Clean ends do not count, and lie between those that do.
            2 * Math.max(limits.ends(), limits.neverStarted()),
            limits.stableWindow(),
            id -> stored.stream().anyMatch(freeze -> freeze.id().equals(id) && isOf(freeze, who)));
    return CrashLoop.judge(past, who.build(), who.config(), limits);
  }

  /** A freeze of another build or configuration was ended by the new one, not by its time. */
  private static boolean isOf(Freeze freeze, Identity who) {
    return !FreezeRule.covering(List.of(freeze), who, freeze.since()).isEmpty();
  }

  /**
   * Returns the incarnations, oldest first.
   *
   * @param newestFirst the entries of {@link #TYPES}; asked for no more of them than needed
   * @param now when the present incarnation began
   * @param most how many incarnations are enough
   * @param stableWindow nothing older is needed than an incarnation that was ready for so long
   * @param stored whether the automatic freeze of an id still stands, be it ended by its time
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
    private boolean started;

    Entries(JournalEntry newest) {
      this.newest = newest;
      this.oldest = newest;
    }

    void add(JournalEntry entry) {
      oldest = entry;
      switch (entry.type()) {
        case END -> end = end == null ? entry : end;
        case ATTEMPT_FAILED, GAVE_UP -> {
          if (end == null && entry.detail().containsKey(CODE)) {
            end = entry;
          }
        }
        case START -> {
          started = true;
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
          ended != null && ended.detail().get(CODE) instanceof Number code
              ? OptionalInt.of(code.intValue())
              : OptionalInt.empty(),
          ended != null && ended.type().equals(END) ? ended.cause() : "",
          ended != null ? text(ended.detail(), FAILURE) : "",
          ended != null
              ? !Boolean.TRUE.equals(ended.detail().get(ASKED))
                  && !Boolean.TRUE.equals(ended.detail().get(EXEMPT))
              : started && !lastState.equals("HELD"),
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
