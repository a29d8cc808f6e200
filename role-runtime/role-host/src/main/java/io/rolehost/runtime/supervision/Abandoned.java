package io.rolehost.runtime.supervision;

import java.time.Duration;
import java.util.List;

/**
 * An attempt that ignored its token and its interrupt, and was left behind with its fence raised.
 *
 * @param task the full name of the task
 * @param attempt 1, 2, …
 * @param budget how long it had to leave before it was interrupted
 * @param stack where its thread was at that moment, innermost frame first; at most 64 lines
 */
public record Abandoned(String task, int attempt, Duration budget, List<String> stack) {

  /** Takes a copy of the stack. */
  public Abandoned {
    stack = List.copyOf(stack);
  }
}
