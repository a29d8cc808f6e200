package io.rolehost.runtime.supervision;

import static java.util.Objects.requireNonNull;

import io.rolehost.api.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the positions of running attempts. They stand in dense arrays, one for each length of
 * time between two looks, so that there is one timer per array and a look at a million is one walk
 * through memory. Of the machine's owner alone.
 */
final class HangWatch {

  /** The shortest time between two looks, and the step from one class to the next. */
  private static final long SHORTEST_LOOK = PolicyLint.SHORTEST_SOFT.toNanos();

  private static final int CLASSES = 7;

  /**
   * How many looks fit into a soft limit at least, unless it is one of the shortest. A task that
   * stops just after a look is found two looks after its limit at the latest: an eighth of the soft
   * one.
   */
  private static final int LOOKS = 16;

  /** A look that comes later than this was held up with the whole process. */
  private static final long HELD_UP = Duration.ofSeconds(1).toNanos();

  /** Attempts of tasks without limits: looked at only when somebody asks. */
  private static final int UNLIMITED = CLASSES;

  /** With more attempts without limits, those among them that are silent are not listed. */
  private static final int MAX_SILENT = 20_000;

  private final Watched[] classes = new Watched[CLASSES + 1];

  /** What a look found out about one attempt. */
  record Finding(Attempt attempt, ProgressWatch.Verdict verdict, long standing) {}

  private static final class Watched {
    private final long every;
    private long nextLook;
    private @Nullable Attempt[] attempts = new Attempt[16];
    private int size;

    Attempt at(int slot) {
      return requireNonNull(attempts[slot]);
    }

    Watched(long every) {
      this.every = every;
    }
  }

  HangWatch() {
    for (int i = 0; i < CLASSES; i++) {
      classes[i] = new Watched(SHORTEST_LOOK << i);
    }
    classes[UNLIMITED] = new Watched(Long.MAX_VALUE);
  }

  /** Takes in an attempt that has just been started. */
  void add(Attempt attempt) {
    put(attempt, UNLIMITED);
  }

  /** Looks at an attempt from now on. */
  void watch(Attempt attempt, Task.HangLimits limits, long now) {
    remove(attempt);
    attempt.beginAt(now);
    int at = classOf(limits);
    if (classes[at].size == 0) {
      classes[at].nextLook = now + classes[at].every;
    }
    put(attempt, at);
  }

  void remove(Attempt attempt) {
    if (attempt.watchClass < 0) {
      return;
    }
    Watched watched = classes[attempt.watchClass];
    watched.size--;
    Attempt last = watched.at(watched.size);
    watched.attempts[attempt.watchSlot] = last;
    last.watchSlot = attempt.watchSlot;
    watched.attempts[watched.size] = null;
    attempt.watchClass = -1;
  }

  /** Returns when the next look is due; the longest time if none is. */
  long nextLook() {
    long next = Long.MAX_VALUE;
    for (int i = 0; i < CLASSES; i++) {
      if (classes[i].size > 0) {
        next = Math.min(next, classes[i].nextLook);
      }
    }
    return next;
  }

  /** Looks where a look is due, and returns what is news. */
  List<Finding> look(long now) {
    List<Finding> news = new ArrayList<>(0);
    for (int i = 0; i < CLASSES; i++) {
      Watched watched = classes[i];
      if (watched.size > 0 && watched.nextLook <= now) {
        long late = now - watched.nextLook;
        look(watched, shortestOf(i), now, late > HELD_UP ? late : 0, news);
        watched.nextLook = now + watched.every;
      }
    }
    for (Finding found : news) {
      if (found.verdict() == ProgressWatch.Verdict.HUNG) {
        // It is told once; what follows takes longer than the next look.
        remove(found.attempt());
        put(found.attempt(), UNLIMITED);
      }
    }
    return news;
  }

  /** No limit of the class is shorter, so that the limits themselves need not be read. */
  private static long shortestOf(int at) {
    return at == 0 ? SHORTEST_LOOK : (SHORTEST_LOOK << at) * LOOKS;
  }

  private static void look(
      Watched watched, long shortest, long now, long late, List<Finding> news) {
    for (int i = 0; i < watched.size; i++) {
      Attempt attempt = watched.at(i);
      if (late > 0) {
        attempt.forgive(late);
      }
      long standing = attempt.look(now);
      if (standing >= shortest || attempt.suspected) {
        Finding found = judge(attempt, standing);
        if (found != null) {
          news.add(found);
        }
      }
    }
  }

  private static @Nullable Finding judge(Attempt attempt, long standing) {
    ProgressWatch.Verdict verdict =
        attempt
            .child
            .task
            .hang()
            .map(limits -> ProgressWatch.judge(limits, standing))
            .orElse(ProgressWatch.Verdict.MOVES);
    boolean suspect = verdict != ProgressWatch.Verdict.MOVES;
    if (suspect == attempt.suspected && verdict != ProgressWatch.Verdict.HUNG) {
      return null;
    }
    attempt.suspected = suspect;
    return new Finding(attempt, verdict, standing);
  }

  /**
   * Returns the attempts that made no progress for so long and are not idle; for 0 all that run.
   * Those that never said anything and have no limits are among them, unless there are very many.
   */
  List<StandingTask> standing(long nanos, long now) {
    List<StandingTask> standing = new ArrayList<>();
    boolean silentToo = nanos == 0 || classes[UNLIMITED].size <= MAX_SILENT;
    for (int i = 0; i <= UNLIMITED; i++) {
      for (int at = 0; at < classes[i].size; at++) {
        Attempt attempt = classes[i].at(at);
        long stands = attempt.look(now);
        Thread thread = attempt.thread;
        boolean reports = i < UNLIMITED || attempt.hasReported();
        if (stands >= nanos
            && thread != null
            && (silentToo || reports)
            && !(attempt.child.phase() instanceof Phase.Leaving)) {
          standing.add(new StandingTask(attempt.name(), attempt.number, thread, stands, reports));
        }
      }
    }
    return standing;
  }

  private void put(Attempt attempt, int at) {
    Watched watched = classes[at];
    if (watched.size == watched.attempts.length) {
      watched.attempts = Arrays.copyOf(watched.attempts, 2 * watched.size);
    }
    watched.attempts[watched.size] = attempt;
    attempt.watchSlot = watched.size;
    attempt.watchClass = (byte) at;
    watched.size++;
  }

  private static int classOf(Task.HangLimits limits) {
    long every = RestartPolicy.nanos(limits.soft()) / LOOKS;
    int at = 0;
    while (at + 1 < CLASSES && SHORTEST_LOOK << (at + 1) <= every) {
      at++;
    }
    return at;
  }
}
