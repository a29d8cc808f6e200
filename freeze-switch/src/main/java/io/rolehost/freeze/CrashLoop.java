package io.rolehost.freeze;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The rule of the automatic freeze: whether the ends of an instance are a crash loop. Pure; a host
 * that is restarted by others asks it at its start, a node at the end of a child.
 *
 * <p>Unclean ends are counted in a row. An incarnation that was ready for the stable window ends
 * the row, and its own end is the first of the next. So do another build, another configuration, a
 * pause without any process of more than ten minutes and the stable window, and somebody who ended
 * an automatic freeze. Exit 0 and 86 neither count nor end it; 75 counts only towards {@link
 * Kind#NEVER_STARTED}. After a freeze that ended by its time one failure is enough: a half-open
 * breaker. Fewer ends are enough where the last ones were one and the same failure: what the same
 * line of code has thrown three times it will throw a fourth time.
 */
public final class CrashLoop {

  /** The owner of an automatic freeze. */
  public static final String OWNER = "rolehost";

  /** Twice what Kubernetes and a node wait at most: after that nobody restarts in a loop. */
  private static final Duration PAUSE = Duration.ofMinutes(10);

  private static final int OK = 0;
  private static final int JVM_OUT_OF_MEMORY = 3;
  private static final int REFUSED = 75;
  private static final int HANG = 81;
  private static final int VM_ERROR = 82;
  private static final int RECYCLE = 86;
  private static final int RUN_RETURNED = 87;
  private static final int SIGKILL = 128 + 9;
  private static final int SIGTERM = 128 + 15;

  private CrashLoop() {}

  /**
   * When ends are a crash loop.
   *
   * @param ends so many unclean ends in a row; at least 1
   * @param sameFailure so many, if the same failure was thrown each time; at least 1, and without
   *     effect from {@code ends} on
   * @param stableWindow an incarnation that was ready for so long ends the row
   * @param neverStarted so many refused starts (75) in a row; at least 1
   */
  public record Limits(int ends, int sameFailure, Duration stableWindow, int neverStarted) {

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if a number is below 1 or the window is negative
     */
    public Limits {
      if (ends < 1 || sameFailure < 1 || neverStarted < 1 || stableWindow.isNegative()) {
        throw new IllegalArgumentException(
            "expected ends, sameFailure and neverStarted from 1 and a window from 0, found "
                + ends
                + ", "
                + sameFailure
                + ", "
                + neverStarted
                + ", "
                + stableWindow);
      }
    }
  }

  /** What an incarnation has to do with an automatic freeze. */
  public enum Trial {
    /** Nothing. */
    NONE,
    /** It began with one, which ended by its time: whatever comes now is one more try. */
    ONE_TRY,
    /** It began with one, which somebody ended: the count begins anew. */
    LIFTED
  }

  /**
   * An incarnation that is over.
   *
   * @param startedAt when it began
   * @param endedAt when it ended; empty = nobody saw it
   * @param readyFor how long after it became ready it ended; empty = it never was
   * @param code the exit code, 128 + n where a signal ended it and somebody saw that; empty = it
   *     left no word: killed from outside, or the machine went down
   * @param why the reason in one sentence; may be empty
   * @param failure by what the exception that ended it is known again; empty = there was none, or
   *     nobody knows
   * @param ran false if its end says nothing: a freeze held it all the time, somebody had asked for
   *     the end, or its code is no failure by the settings
   * @param build hash of what it ran; empty = not known
   * @param config hash of its configuration; empty = not known
   */
  public record Past(
      Instant startedAt,
      Optional<Instant> endedAt,
      Optional<Duration> readyFor,
      OptionalInt code,
      String why,
      String failure,
      boolean ran,
      String build,
      String config,
      Trial trial) {

    private boolean clean() {
      return code.isPresent() && (code.getAsInt() == OK || code.getAsInt() == RECYCLE);
    }

    private boolean has(int wanted) {
      return code.isPresent() && code.getAsInt() == wanted;
    }

    private boolean killed() {
      return code.isEmpty() || has(SIGKILL) || has(SIGTERM);
    }

    private boolean stable(Limits limits) {
      return readyFor.isPresent() && readyFor.get().compareTo(limits.stableWindow()) >= 0;
    }

    private String last() {
      String how = code.isPresent() ? "exit code " + code.getAsInt() : "no exit code";
      return why.isBlank() ? how : how + ", " + why;
    }
  }

  /** What the ends have in common. */
  public enum Kind {
    /** The start was refused each time (75). */
    NEVER_STARTED,
    /** It ended each time before it was ready. */
    CYCLING,
    /** It became ready and soon ended. */
    FLAPPING,
    /** Something hung, or the start ran past its limit (81). */
    HANGING,
    /** Out of memory, or another error of the virtual machine (82). */
    MEMORY,
    /** It was killed, by somebody else or for lack of memory, or the machine went down. */
    KILLED,
    /** {@code run} returned though nobody had asked for a stop (87). */
    RUN_RETURNED;

    /** Returns the name as it is written in journals and metrics: {@code never-started}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * A crash loop.
   *
   * @param ends how many ends were counted
   * @param evidence one sentence: how many, of what kind, and the last one
   */
  public record Verdict(Kind kind, int ends, String evidence) {

    /**
     * Returns the freeze that stops it until {@code now} plus {@code lasting}, or until another
     * build or configuration comes.
     *
     * @param incarnation the one that is not to start; it makes the id unique
     */
    public Freeze freeze(Identity who, long incarnation, Instant now, Duration lasting) {
      return Freeze.of(
              "auto-" + who.instanceId() + "-" + incarnation,
              new Scope.Instance(who.instanceId()),
              OWNER,
              "crash loop (" + kind.text() + "): " + evidence,
              now)
          .withUntil(now.plus(lasting))
          .withAuto(new Freeze.Auto(who.build(), who.config()));
    }
  }

  /**
   * Judges the ends of one instance.
   *
   * @param past the incarnations that are over, oldest first; what is older may be left out
   * @param build hash of what runs now; empty = not known, then it ends no row
   * @param config hash of the configuration now; likewise
   * @return the crash loop; empty = there is none
   */
  public static Optional<Verdict> judge(
      List<Past> past, String build, String config, Limits limits) {
    Row row = new Row();
    for (Past incarnation : past) {
      row.add(incarnation, build, config, limits);
    }
    return row.verdict(limits);
  }

  /** What is counted while the history is walked through; never leaves {@link #judge}. */
  private static final class Row {
    private final List<Past> unclean = new ArrayList<>();
    private final List<Past> refused = new ArrayList<>();
    private boolean oneTry;
    private Optional<Instant> endBefore = Optional.empty();

    void add(Past next, String build, String config, Limits limits) {
      if (pauseBefore(next, limits)) {
        unclean.clear();
        refused.clear();
      }
      endBefore = next.endedAt();
      if (!same(next.build(), build) || !same(next.config(), config)) {
        clear();
        return;
      }
      if (next.trial() != Trial.NONE) {
        clear();
        oneTry = next.trial() == Trial.ONE_TRY;
      }
      if (next.stable(limits)) {
        clear();
      }
      if (next.readyFor().isPresent()) {
        refused.clear();
      }
      if (!next.ran() || next.clean()) {
        return;
      }
      if (next.has(REFUSED)) {
        if (next.readyFor().isEmpty()) {
          refused.add(next);
        }
      } else {
        refused.clear();
        unclean.add(next);
      }
    }

    private boolean pauseBefore(Past next, Limits limits) {
      Duration longest = limits.stableWindow().compareTo(PAUSE) > 0 ? limits.stableWindow() : PAUSE;
      return endBefore.isPresent()
          && Duration.between(endBefore.get(), next.startedAt()).compareTo(longest) > 0;
    }

    private static boolean same(String then, String now) {
      return then.isEmpty() || now.isEmpty() || then.equals(now);
    }

    private void clear() {
      unclean.clear();
      refused.clear();
      oneTry = false;
    }

    Optional<Verdict> verdict(Limits limits) {
      if (unclean.size() >= (oneTry ? 1 : limits.ends()) || same() >= limits.sameFailure()) {
        return Optional.of(of(kind(unclean, limits), unclean, limits));
      }
      if (refused.size() >= (oneTry ? 1 : limits.neverStarted())) {
        return Optional.of(of(Kind.NEVER_STARTED, refused, limits));
      }
      return Optional.empty();
    }

    /** Returns how many of the last ends were the same failure. */
    private int same() {
      int same = 0;
      for (Past end : unclean.reversed()) {
        if (end.failure().isEmpty() || !end.failure().equals(unclean.getLast().failure())) {
          return same;
        }
        same++;
      }
      return same;
    }

    /** Only the newest ends tell the kind: an old cause that was mended must not hide the new. */
    private static Kind kind(List<Past> counted, Limits limits) {
      List<Past> newest =
          counted.subList(Math.max(0, counted.size() - limits.ends()), counted.size());
      if (newest.stream().allMatch(p -> p.has(VM_ERROR) || p.has(JVM_OUT_OF_MEMORY))) {
        return Kind.MEMORY;
      }
      if (newest.stream().allMatch(p -> p.has(HANG))) {
        return Kind.HANGING;
      }
      if (newest.stream().allMatch(p -> p.has(RUN_RETURNED))) {
        return Kind.RUN_RETURNED;
      }
      if (newest.stream().allMatch(Past::killed)) {
        return Kind.KILLED;
      }
      return newest.stream().anyMatch(p -> p.readyFor().isPresent()) ? Kind.FLAPPING : Kind.CYCLING;
    }

    /** Returns {@code 10m}, as it is set. */
    private static String text(Duration window) {
      return window.toString().replaceFirst("^PT", "").toLowerCase(Locale.ROOT);
    }

    private Verdict of(Kind kind, List<Past> counted, Limits limits) {
      String many =
          switch (kind) {
            case NEVER_STARTED -> "was refused its start";
            case CYCLING -> "ended before it was ready";
            case FLAPPING ->
                "ended less than " + text(limits.stableWindow()) + " after it was ready";
            case HANGING -> "hung";
            case MEMORY -> "ran out of memory";
            case KILLED -> "was killed from outside (a liveness probe, kill -9, lack of memory)";
            case RUN_RETURNED -> "returned from run though nobody had asked it to stop";
          };
      String times = counted.size() == 1 ? "" : ", " + counted.size() + " times in a row";
      if (!oneTry && kind != Kind.NEVER_STARTED && counted.size() < limits.ends()) {
        times += counted.size() == same() ? "" : ", the last " + same();
        times += " by the same failure (" + counted.getLast().failure() + ")";
      }
      String text =
          (oneTry ? "again after the last automatic freeze: " : "")
              + many
              + times
              + "; the last: "
              + counted.getLast().last();
      return new Verdict(kind, counted.size(), text);
    }
  }
}
