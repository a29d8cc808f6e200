package io.rolehost.runtime.supervision;

import io.rolehost.api.Backoff;
import io.rolehost.api.Restart;
import io.rolehost.api.Task;
import io.rolehost.api.TaskGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds rules that can never trip or never fit, before anything runs by them. Pure: a list of
 * sentences for a person, each with the task, the setting, the numbers, and what would fit.
 */
public final class PolicyLint {

  /** The longest hard limit of a hang that anybody would wait for. */
  static final Duration LONGEST_HANG = Duration.ofDays(1);

  /** The shortest time in which the host can tell that a task stands still: one look. */
  static final Duration SHORTEST_SOFT = Duration.ofMillis(10);

  /** How long a thread may take to leave after its interrupt; the contract's second. */
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(1);

  private static final Backoff DEFAULT_BACKOFF = TaskGroup.named("any").backoff();

  private PolicyLint() {}

  /**
   * Returns what is wrong with a task's rules; empty if nothing is.
   *
   * @param name its full name
   * @param inGroup whether it is a member of a group below the top
   * @param stopShare how much of a stop tasks can have; empty where stops have no limit
   */
  public static List<String> problems(
      String name, Task task, boolean inGroup, Optional<Duration> stopShare) {
    List<String> problems = new ArrayList<>();
    boolean asked = !task.budget().equals(Task.Budget.DEFAULT);
    // A periodic task has its own rhythm; only a budget that somebody chose can be a mistake.
    if (!isDefault(task) && (task.every().isEmpty() || asked)) {
      neverSpent("Task", name, task.budget(), pauses(task)).ifPresent(problems::add);
    }
    task.hang().ifPresent(limits -> hang(name, limits, problems));
    stopShare.ifPresent(share -> stop(name, task, share, problems));
    significant(name, task, inGroup, problems);
    for (Task.FailureRule rule : task.failureRules()) {
      if (AttemptEnd.isReserved(rule.type())) {
        problems.add(
            ("Task \"%s\": onFailure(%s, %s) never applies, the host always answers that type the"
                    + " same way. Take the rule away.")
                .formatted(name, rule.type().getSimpleName(), rule.then()));
      }
    }
    return List.copyOf(problems);
  }

  /** The defaults hold together, as a test says, and a million tasks may start with them. */
  private static boolean isDefault(Task task) {
    return task.budget().equals(Task.Budget.DEFAULT)
        && task.backoff().equals(DEFAULT_BACKOFF)
        && task.every().isEmpty();
  }

  /** Returns what is wrong with a group's rules; empty if nothing is. */
  public static List<String> problems(String name, TaskGroup rules) {
    return neverSpent("Group", name, rules.budget(), new Pauses(rules.backoff(), 0)).stream()
        .toList();
  }

  private static Pauses pauses(Task task) {
    return new Pauses(task.backoff(), task.every().map(RestartPolicy::nanos).orElse(0L));
  }

  private static Optional<String> neverSpent(
      String kind, String name, Task.Budget budget, Pauses pauses) {
    long window = RestartPolicy.nanos(budget.window());
    if (budget.restarts() == Task.Budget.UNLIMITED
        || pauses.between(budget.restarts()) < (double) window) {
      return Optional.empty();
    }
    int fits = pauses.fitting(window);
    return Optional.of(
        ("%s \"%s\": a budget of %d restarts in %s can never be spent: the pauses (%s up to %s) let"
             + " through no more than %d in that time, and it would fail for ever. Make the budget"
             + " at most %d, or its window longer than %s%s.")
            .formatted(
                kind,
                name,
                budget.restarts(),
                RestartPolicy.text(budget.window()),
                RestartPolicy.text(pauses.backoff().initial()),
                RestartPolicy.text(pauses.backoff().cap()),
                fits,
                fits,
                RestartPolicy.text(Duration.ofNanos((long) pauses.between(budget.restarts()))),
                kind.equals("Task")
                    ? "; to retry for ever on purpose, say Task.unlimitedRestarts"
                    : ""));
  }

  /**
   * The shortest pauses that chance can make of a back-off.
   *
   * @param floor no pause is shorter, in nanoseconds
   */
  private record Pauses(Backoff backoff, long floor) {

    long before(int restart) {
      return Math.max(floor, RestartPolicy.nanos(backoff.delay(restart, Math.nextDown(1.0))));
    }

    /** Returns the nanoseconds from the first of so many restarts to the last. */
    double between(int restarts) {
      double span = 0;
      for (int i = 2; i <= restarts; i++) {
        long pause = before(i);
        if (pause == before(restarts)) {
          return span + (restarts - i + 1.0) * pause;
        }
        span += pause;
      }
      return span;
    }

    /** Returns how many restarts a window can hold. */
    int fitting(long window) {
      int fits = 1;
      double span = before(2);
      while (span < window && fits < Task.Budget.UNLIMITED) {
        fits++;
        long pause = before(fits + 1);
        if (pause == before(Task.Budget.UNLIMITED)) {
          return pause == 0 ? fits : fits + (int) Math.min(1e9, (window - span - 1) / pause);
        }
        span += pause;
      }
      return fits;
    }
  }

  private static void hang(String name, Task.HangLimits limits, List<String> problems) {
    if (limits.hard().compareTo(LONGEST_HANG) > 0) {
      problems.add(
          ("Task \"%s\": a hard hang limit of %s never trips in the life of a process; it can be at"
                  + " most %s. Choose a few times the longest pause between two positions.")
              .formatted(
                  name, RestartPolicy.text(limits.hard()), RestartPolicy.text(LONGEST_HANG)));
    }
    if (limits.soft().compareTo(SHORTEST_SOFT) < 0) {
      problems.add(
          ("Task \"%s\": a soft hang limit of %s is shorter than one look at the task; it must be"
                  + " at least %s.")
              .formatted(
                  name, RestartPolicy.text(limits.soft()), RestartPolicy.text(SHORTEST_SOFT)));
    }
  }

  private static void stop(String name, Task task, Duration share, List<String> problems) {
    boolean asked = !task.stopWithin().equals(Task.DEFAULT_STOP_WITHIN);
    if (asked && task.stopWithin().plus(AFTER_INTERRUPT).compareTo(share) > 0) {
      problems.add(
          ("Task \"%s\": stopWithin %s, and 1 s after the interrupt, do not fit into the %s that a"
               + " stop has for tasks. Make stopWithin at most %s, or rolehost.stop.grace longer.")
              .formatted(
                  name,
                  RestartPolicy.text(task.stopWithin()),
                  RestartPolicy.text(share),
                  RestartPolicy.text(
                      share.compareTo(AFTER_INTERRUPT) > 0
                          ? share.minus(AFTER_INTERRUPT)
                          : Duration.ZERO)));
    }
  }

  private static void significant(String name, Task task, boolean inGroup, List<String> problems) {
    if (!task.isSignificant()) {
      return;
    }
    if (!inGroup) {
      problems.add(
          ("Task \"%s\" is significant, but in no group that it could end. Start it in"
                  + " TaskSupervisor.group, or take Task.significant away.")
              .formatted(name));
    }
    if (task.restart() == Restart.PERMANENT || task.every().isPresent()) {
      problems.add(
          ("Task \"%s\" is significant but never ends in order, because it is %s. Declare it"
                  + " .restart(Restart.TRANSIENT), or take Task.significant away.")
              .formatted(name, task.every().isPresent() ? "periodic" : "PERMANENT"));
    }
  }
}
