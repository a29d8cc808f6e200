package io.rolehost.freeze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.freeze.CrashLoop.Kind;
import io.rolehost.freeze.CrashLoop.Past;
import io.rolehost.freeze.CrashLoop.Trial;
import io.rolehost.freeze.CrashLoop.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CrashLoopTest {

  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final CrashLoop.Limits LIMITS =
      new CrashLoop.Limits(5, 3, Duration.ofMinutes(10), 10);
  private static final int[] CODES = {0, 0, 86, 70, 70, 75, 75, 75, 81, 82, 3, 87, 137, 78, -1};
  private static final String[] FAILURES = {"", "a1", "a1", "b2"};
  private static final int HISTORIES = 20_000;

  @ParameterizedTest
  @CsvSource({
    "70, -1, CYCLING",
    "70, 30, FLAPPING",
    "78, -1, CYCLING",
    "81, -1, HANGING",
    "82, 30, MEMORY",
    "3, 30, MEMORY",
    "137, 30, KILLED",
    "-1, 30, KILLED",
    "-1, -1, KILLED",
    "87, 1, RUN_RETURNED"
  })
  void judge_fiveEndsOfOneKind_saysWhich(int code, int readySeconds, Kind kind) {
    List<Past> four = Collections.nCopies(4, past(code, readySeconds));
    assertEquals(Optional.empty(), judge(four));
    Verdict verdict = judge(plus(four, past(code, readySeconds))).orElseThrow();
    assertEquals(kind, verdict.kind());
    assertEquals(5, verdict.ends());
  }

  @Test
  void judge_mixedEnds_tellsNumberLastCodeAndReason() {
    List<Past> mixed =
        List.of(past(81, -1), past(-1, -1), past(70, -1), past(82, -1), past(70, -1));
    assertEquals(
        Optional.of(
            new Verdict(
                Kind.CYCLING,
                5,
                "ended before it was ready, 5 times in a row; the last: exit code 70, no"
                    + " database")),
        judge(mixed));
  }

  @Test
  void judge_theSameFailureThreeTimes_isEnough_andThreeFailuresAreNot() {
    List<Past> twice = List.of(failed("a1"), failed("a1"));
    assertEquals(Optional.empty(), judge(twice));
    assertEquals(
        Optional.of(
            new Verdict(
                Kind.CYCLING,
                3,
                "ended before it was ready, 3 times in a row by the same failure (a1); the last:"
                    + " exit code 70, no database")),
        judge(plus(twice, failed("a1"))));

    assertEquals(Optional.empty(), judge(List.of(failed("a1"), failed("b2"), failed("c3"))));
    assertEquals(Optional.empty(), judge(plus(plus(twice, failed("b2")), failed("a1"))));
    assertEquals(Optional.empty(), judge(plus(twice, failed(""))));
    assertEquals(Optional.empty(), judge(List.of(failed(""), failed(""), failed(""))));
  }

  @Test
  void judge_theSameFailureAtLast_saysHowOften() {
    List<Past> history = List.of(past(81, -1), failed("a1"), failed("a1"), failed("a1"));
    assertEquals(
        Optional.of(
            "ended before it was ready, 4 times in a row, the last 3 by the same failure (a1);"
                + " the last: exit code 70, no database"),
        judge(history).map(Verdict::evidence));
  }

  @Test
  void judge_refusedStarts_areALoopFromTheTenthOn() {
    assertEquals(Optional.empty(), judge(Collections.nCopies(9, past(75, -1))));
    assertEquals(
        Optional.of(Kind.NEVER_STARTED),
        judge(Collections.nCopies(10, past(75, -1))).map(Verdict::kind));
    List<Past> readyBetween = new ArrayList<>(Collections.nCopies(9, past(75, -1)));
    readyBetween.add(past(0, 30));
    readyBetween.add(past(75, -1));
    assertEquals(Optional.empty(), judge(readyBetween));
  }

  @Test
  void judge_refusedStartsAmongCrashes_neitherCountNorEndTheRow() {
    List<Past> four = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      four.add(past(70, -1));
      four.add(past(75, -1));
    }
    assertEquals(Optional.empty(), judge(four));
    assertEquals(Optional.of(5), judge(plus(four, past(70, -1))).map(Verdict::ends));
  }

  @Test
  void judge_afterAFreezeThatRanOut_oneFailureIsEnough() {
    Past failed = past(70, -1, Trial.ONE_TRY);
    assertEquals(Optional.of(1), judge(List.of(failed)).map(Verdict::ends));
    assertEquals(
        Optional.of(Kind.NEVER_STARTED),
        judge(List.of(past(75, -1, Trial.ONE_TRY))).map(Verdict::kind));
    // Stopped while it was held: the next one is the try.
    Past stopped = past(0, -1, Trial.ONE_TRY);
    assertEquals(Optional.empty(), judge(List.of(stopped)));
    assertEquals(Optional.of(1), judge(List.of(stopped, past(70, 5))).map(Verdict::ends));
    // Ready for the window: the next crash is an ordinary one.
    assertEquals(Optional.empty(), judge(List.of(past(70, 601, Trial.ONE_TRY))));
  }

  @Test
  void judge_afterAFreezeThatSomebodyEnded_countsAnew() {
    List<Past> past = new ArrayList<>(Collections.nCopies(9, past(70, -1)));
    past.add(past(70, -1, Trial.LIFTED));
    assertEquals(Optional.empty(), judge(past));
    past.addAll(Collections.nCopies(4, past(70, -1)));
    assertEquals(Optional.of(5), judge(past).map(Verdict::ends));
  }

  @Test
  void judge_anotherBuildOrConfiguration_countsAnew() {
    List<Past> five = Collections.nCopies(5, past(70, -1));
    assertEquals(Optional.empty(), CrashLoop.judge(five, "b2", "c", LIMITS));
    assertEquals(Optional.empty(), CrashLoop.judge(five, "b", "c2", LIMITS));
    assertTrue(CrashLoop.judge(five, "", "", LIMITS).isPresent(), "unknown ends no row");
  }

  @Test
  void judge_aPauseLongerThanTheWindow_countsAnew() {
    List<Past> past = new ArrayList<>(inARow(Collections.nCopies(4, past(70, -1))));
    Past last = past.getLast();
    Instant later = last.endedAt().orElseThrow().plus(Duration.ofMinutes(11));
    past.add(at(past(70, -1), later));
    assertEquals(Optional.empty(), CrashLoop.judge(past, "b", "c", LIMITS));
  }

  @Test
  void judge_aClockSetBack_stillCounts() {
    List<Past> past = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      past.add(at(past(70, -1), T0.minus(Duration.ofHours(i))));
    }
    assertTrue(CrashLoop.judge(past, "b", "c", LIMITS).isPresent());
  }

  @Test
  void judge_aClockSetForward_countsAnewAndStillFinds() {
    List<Past> past = new ArrayList<>(inARow(Collections.nCopies(3, past(70, -1))));
    Instant jumped = past.getLast().endedAt().orElseThrow().plus(Duration.ofHours(1));
    for (int i = 0; i < 5; i++) {
      assertEquals(Optional.empty(), CrashLoop.judge(past, "b", "c", LIMITS));
      past.add(at(past(70, -1), jumped.plusSeconds(10L * i)));
    }
    assertEquals(5, CrashLoop.judge(past, "b", "c", LIMITS).orElseThrow().ends());
  }

  @Test
  void judge_aClockSetBackAndForthInALoop_findsItBeforeTheTenthEnd() {
    SplittableRandom random = new SplittableRandom(5);
    for (int history = 0; history < 1_000; history++) {
      List<Past> past = new ArrayList<>();
      int jump = random.nextInt(9);
      Instant now = T0;
      boolean found = false;
      for (int i = 0; i < 10; i++) {
        past.add(at(past(70, -1), now));
        now = now.plusSeconds(10).plus(Duration.ofHours(i == jump ? random.nextInt(-1, 2) : 0));
        found |= CrashLoop.judge(past, "b", "c", LIMITS).isPresent();
      }
      assertTrue(found, "jump after end " + jump);
    }
  }

  @Test
  void judge_randomHistories_agreeWithAWalkFromTheEnd() {
    SplittableRandom random = new SplittableRandom(7);
    int loops = 0;
    for (int i = 0; i < HISTORIES; i++) {
      List<Past> history = randomHistory(random);
      CrashLoop.Limits limits =
          new CrashLoop.Limits(
              random.nextInt(1, 7),
              random.nextInt(1, 5),
              Duration.ofMinutes(10),
              random.nextInt(1, 12));
      Optional<Verdict> verdict = CrashLoop.judge(history, "b", "c", limits);
      assertEquals(expected(history, limits), verdict.map(Verdict::ends), history::toString);
      loops += verdict.isPresent() ? 1 : 0;
    }
    assertTrue(loops > HISTORIES / 10 && loops < HISTORIES * 9 / 10, "both answers: " + loops);
  }

  @Test
  void judge_randomHistoriesOfCleanEnds_areNeverALoop() {
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < HISTORIES; i++) {
      List<Past> history = randomHistory(random);
      history.removeIf(p -> p.ran() && p.code().orElse(-1) != 0 && p.code().orElse(-1) != 86);
      assertEquals(
          Optional.empty(),
          CrashLoop.judge(history, "b", "c", new CrashLoop.Limits(1, 1, Duration.ofMinutes(1), 1)),
          history::toString);
    }
  }

  /** The same question, answered from the newest end back to whatever ends the row. */
  private static Optional<Integer> expected(List<Past> history, CrashLoop.Limits limits) {
    int unclean = 0;
    int same = 0;
    int refused = 0;
    boolean onlySame = true;
    String failure = "";
    boolean counting = true;
    boolean onlyRefused = true;
    boolean oneTry = false;
    for (int i = history.size() - 1; i >= 0; i--) {
      Past p = history.get(i);
      if (!p.build().equals("b") || !p.config().equals("c")) {
        break;
      }
      int code = p.code().orElse(-1);
      boolean ready = p.readyFor().isPresent();
      if (counting && p.ran() && code != 0 && code != 86 && code != 75) {
        failure = unclean == 0 ? p.failure() : failure;
        onlySame &= !p.failure().isEmpty() && p.failure().equals(failure);
        same += onlySame ? 1 : 0;
        unclean++;
      }
      if (counting && onlyRefused && p.ran() && code == 75 && !ready) {
        refused++;
      }
      onlyRefused &= !ready && (!p.ran() || code == 75 || code == 0 || code == 86);
      if (ready && p.readyFor().get().compareTo(limits.stableWindow()) >= 0) {
        break;
      }
      if (p.trial() != Trial.NONE) {
        oneTry = p.trial() == Trial.ONE_TRY;
        break;
      }
      counting &=
          i == 0
              || history.get(i - 1).endedAt().isEmpty()
              || Duration.between(history.get(i - 1).endedAt().get(), p.startedAt())
                      .compareTo(limits.stableWindow())
                  <= 0;
    }
    if (unclean >= (oneTry ? 1 : limits.ends()) || same >= limits.sameFailure()) {
      return Optional.of(unclean);
    }
    return refused >= (oneTry ? 1 : limits.neverStarted())
        ? Optional.of(refused)
        : Optional.empty();
  }

  private static List<Past> randomHistory(SplittableRandom random) {
    List<Past> history = new ArrayList<>();
    int length = random.nextInt(30);
    boolean mostlyRefused = random.nextInt(4) == 0;
    for (int i = 0; i < length; i++) {
      int code = mostlyRefused && random.nextInt(8) > 0 ? 75 : CODES[random.nextInt(CODES.length)];
      int ready =
          code == 75 && random.nextInt(10) > 0
              ? -1
              : random.nextInt(12) == 0 ? 700 : random.nextInt(3) - 1;
      Trial trial =
          random.nextInt(15) > 0 ? Trial.NONE : random.nextBoolean() ? Trial.ONE_TRY : Trial.LIFTED;
      Past past = past(code, ready, trial);
      history.add(
          new Past(
              past.startedAt(),
              past.endedAt(),
              past.readyFor(),
              past.code(),
              past.why(),
              code == 70 ? FAILURES[random.nextInt(FAILURES.length)] : "",
              random.nextInt(20) > 0,
              random.nextInt(40) == 0 ? "older" : "b",
              random.nextInt(40) == 0 ? "older" : "c",
              trial));
    }
    List<Past> row = new ArrayList<>(inARow(history));
    if (row.size() > 3 && random.nextInt(4) == 0) {
      int from = random.nextInt(1, row.size());
      for (int i = from; i < row.size(); i++) {
        row.set(i, at(row.get(i), row.get(i).startedAt().plus(Duration.ofHours(1))));
      }
    }
    return row;
  }

  private static Optional<Verdict> judge(List<Past> past) {
    return CrashLoop.judge(inARow(past), "b", "c", LIMITS);
  }

  private static List<Past> plus(List<Past> some, Past last) {
    List<Past> all = new ArrayList<>(some);
    all.add(last);
    return all;
  }

  /** Lets each start a second after the end before. */
  private static List<Past> inARow(List<Past> past) {
    List<Past> row = new ArrayList<>();
    Instant next = T0;
    for (Past one : past) {
      Past moved = at(one, next);
      row.add(moved);
      next = moved.endedAt().orElse(next.plusSeconds(5)).plusSeconds(1);
    }
    return row;
  }

  private static Past at(Past past, Instant start) {
    Duration lived = past.readyFor().orElse(Duration.ZERO).plusSeconds(1);
    return new Past(
        start,
        past.endedAt().map(_ -> start.plus(lived)),
        past.readyFor(),
        past.code(),
        past.why(),
        past.failure(),
        past.ran(),
        past.build(),
        past.config(),
        past.trial());
  }

  private static Past failed(String failure) {
    Past past = past(70, -1);
    return new Past(
        past.startedAt(),
        past.endedAt(),
        past.readyFor(),
        past.code(),
        past.why(),
        failure,
        past.ran(),
        past.build(),
        past.config(),
        past.trial());
  }

  private static Past past(int code, int readySeconds) {
    return past(code, readySeconds, Trial.NONE);
  }

  private static Past past(int code, int readySeconds, Trial trial) {
    return new Past(
        T0,
        code < 0 ? Optional.empty() : Optional.of(T0),
        readySeconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(readySeconds)),
        code < 0 ? OptionalInt.empty() : OptionalInt.of(code),
        code < 0 ? "" : "no database",
        "",
        true,
        "b",
        "c",
        trial);
  }
}
