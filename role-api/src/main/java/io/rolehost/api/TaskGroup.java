package io.rolehost.api;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The rules of a group of tasks. An immutable value; every method that looks like a setter returns
 * a changed copy.
 *
 * <p>A task that spends its own budget takes its group along: all members are stopped, and start
 * again after the group's back-off with budgets afresh. A group that spends its budget takes the
 * group above along, and at the top the role ends.
 *
 * @param name unique among its siblings; part of the full names of its tasks
 * @param strategy what a restart of one member means for the others
 * @param backoff the pause before the whole group starts again
 * @param budget how often it may start again as a whole
 */
@Experimental
public record TaskGroup(String name, Strategy strategy, Backoff backoff, Task.Budget budget) {

  /** Unless set otherwise: 3 in 5 min. */
  public static final Task.Budget DEFAULT_BUDGET = new Task.Budget(3, Duration.ofMinutes(5));

  /** Checks that the name is not blank and has no slash. */
  public TaskGroup {
    if (name.isBlank() || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "A group needs a name that is not blank and has no slash, was \"" + name + "\"");
    }
    requireNonNull(strategy, "strategy");
    requireNonNull(backoff, "backoff");
    requireNonNull(budget, "budget");
  }

  /** Begins a group: ONE_FOR_ONE, 3 restarts in 5 min, 0.5 s doubling up to 60 s. */
  public static TaskGroup named(String name) {
    return new TaskGroup(name, Strategy.ONE_FOR_ONE, Backoff.DEFAULT, DEFAULT_BUDGET);
  }

  /** Sets what a restart of one member means for the others. */
  public TaskGroup strategy(Strategy strategy) {
    return new TaskGroup(name, strategy, backoff, budget);
  }

  /** Sets the pause before the whole group starts again. */
  public TaskGroup backoff(Backoff backoff) {
    return new TaskGroup(name, strategy, backoff, budget);
  }

  /**
   * Sets how often the whole group may start again within a sliding window.
   *
   * @throws IllegalArgumentException if {@code restarts} is negative or {@code window} not positive
   */
  public TaskGroup budget(int restarts, Duration window) {
    return new TaskGroup(name, strategy, backoff, new Task.Budget(restarts, window));
  }
}
