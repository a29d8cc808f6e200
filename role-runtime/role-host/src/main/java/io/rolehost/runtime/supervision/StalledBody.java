package io.rolehost.runtime.supervision;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A thread that does not get on, and where it is.
 *
 * @param threadId the thread's id
 * @param thread the thread's name
 * @param task the full name of the task whose body it runs; empty if it is no task's
 * @param attempt 1, 2, …; 0 if it is no task's
 * @param stack innermost frame first, at most 64
 */
public record StalledBody(
    long threadId, String thread, Optional<String> task, int attempt, List<String> stack) {

  private static final int MAX_STACK = 64;

  /** Takes a copy of the stack. */
  public StalledBody {
    stack = List.copyOf(stack);
  }

  static StalledBody of(StandingTask task) {
    Thread thread = task.thread();
    return new StalledBody(
        thread.threadId(),
        thread.getName(),
        Optional.of(task.task()),
        task.attempt(),
        stackOf(thread));
  }

  static List<String> stackOf(Thread thread) {
    return Stream.of(thread.getStackTrace())
        .limit(MAX_STACK)
        .map(StackTraceElement::toString)
        .toList();
  }

  /** Returns whose thread it is, in words. */
  public String who() {
    return task.map(name -> "task \"%s\", attempt %d".formatted(name, attempt))
        .orElse("thread \"%s\" #%d".formatted(thread, threadId));
  }

  String stackText() {
    return stack.isEmpty() ? "\n\t(no frames)" : "\n\t" + String.join("\n\t", stack);
  }
}
