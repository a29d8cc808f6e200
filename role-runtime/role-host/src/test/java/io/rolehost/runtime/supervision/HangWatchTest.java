package io.rolehost.runtime.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Task;
import io.rolehost.api.TaskGroup;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When a hang is found, over limits and moments of all sizes. */
final class HangWatchTest {

  private static final long MILLI = 1_000_000;

  /** The shortest look. */
  private static final long TEN_MILLIS = 10 * MILLI;

  private final HangWatch watch = new HangWatch();
  private final Bodies bodies =
      new Bodies(_ -> {}, _ -> {}, () -> 0, watch, null, (_, _, _) -> {}, (_, _) -> {});

  /** The limits were seen at ten times their length elsewhere (tomcounsell/ai#2143). */
  @Test
  void hang_atAnyMomentWithAnyLimit_isFoundAfterItWithinAnEighthOfTheSoftLimit() {
    for (int seed = 0; seed < 1_500; seed++) {
      Random random = new Random(seed);
      long soft = (long) (TEN_MILLIS * Math.exp(random.nextDouble() * Math.log(30_000)));
      long hard = soft + 1 + random.nextLong(3 * soft);
      Attempt attempt = watched(soft, hard);
      long stops = random.nextLong(2 * soft);
      long suspect = 0;
      long hung = 0;
      long before = 0;
      while (hung == 0) {
        long now = watch.nextLook();
        assertTrue(now - before <= Math.max(soft / 8, TEN_MILLIS), "seed " + seed);
        assertTrue(now - before <= 1_000 * MILLI, "seed " + seed);
        if (before < stops) {
          attempt.progress(now); // it has moved all the time, until it stopped
        }
        for (HangWatch.Finding found : watch.look(now)) {
          switch (found.verdict()) {
            case SUSPECT -> suspect = now;
            case HUNG -> hung = now;
            case MOVES -> throw new AssertionError("seed " + seed);
          }
        }
        before = now;
      }
      long late = Math.max(soft / 8, 2 * TEN_MILLIS);
      String what = "seed " + seed + ", soft " + soft + ", hard " + hard + ", stops " + stops;
      assertTrue(hung >= stops + hard && hung <= stops + hard + late, what + ", hung " + hung);
      // Limits that lie closer together than two looks are found at once.
      assertTrue(
          suspect == 0 ? hard - soft < late : suspect >= stops + soft, what + ", at " + suspect);
      assertTrue(suspect <= stops + soft + late, what + ", suspect " + suspect);
      watch.remove(attempt);
    }
  }

  @Test
  void hang_thatIsFound_isToldOnceAndNoMoreLookedFor() {
    Attempt attempt = watched(TEN_MILLIS, 2 * TEN_MILLIS);
    List<HangWatch.Finding> found = List.of();
    while (found.stream().noneMatch(each -> each.verdict() == ProgressWatch.Verdict.HUNG)) {
      found = watch.look(watch.nextLook());
    }
    assertEquals(attempt, found.getFirst().attempt());
    assertEquals(Long.MAX_VALUE, watch.nextLook());
    watch.remove(attempt);
  }

  private Attempt watched(long soft, long hard) {
    Task task = Task.named("t").body(_ -> {}).hang(Duration.ofNanos(soft), Duration.ofNanos(hard));
    Node.Group root = new Node.Group("", TaskGroup.named("tasks"), null);
    Attempt attempt = new Attempt(new Node.Child("t", task, root, 0), 1, 1, 0, bodies);
    watch.add(attempt);
    watch.watch(attempt, task.hang().orElseThrow(), 0);
    return attempt;
  }
}
