package io.rolehost.runtime.supervision;

import io.rolehost.api.CorruptionException;
import io.rolehost.api.FatalTaskException;
import io.rolehost.api.OnFailure;
import io.rolehost.api.PermanentFailureException;
import io.rolehost.api.Task;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended that nobody had asked to stop. Pure.
 *
 * @param kind what decides
 * @param text the failure in one line; empty after a normal return
 * @param healthyNanos how long it worked: from its start to its end, of a hung one to its last
 *     progress
 * @param proven whether this attempt, or one before, was stable or reported progress
 * @param print by what the failure is known again; empty where that changes nothing
 */
record AttemptEnd(
    Kind kind, String text, long healthyNanos, boolean proven, Optional<FailurePrint> print) {

  private static final int MAX_CAUSES = 64;
  private static final int MAX_TEXT = 500;

  /** Which rule applies. */
  enum Kind {
    RETURNED,
    FAILED,
    /** A failure after which the task's own rules want no other attempt. */
    FINAL,
    HUNG,
    FATAL,
    PERMANENT,
    CORRUPTION,
    VM_ERROR
  }

  AttemptEnd(Kind kind, String text, long healthyNanos) {
    this(kind, text, healthyNanos, false, Optional.empty());
  }

  /** The same end, of an attempt that worked so long. */
  AttemptEnd worked(long nanos) {
    return new AttemptEnd(kind, text, nanos, proven, print);
  }

  /** The same end, of a task that has shown that it can work. */
  AttemptEnd proven(boolean now) {
    return now == proven ? this : new AttemptEnd(kind, text, healthyNanos, now, print);
  }

  /** The same end, with a print to know it again. */
  AttemptEnd like(FailurePrint known) {
    return new AttemptEnd(kind, text, healthyNanos, proven, Optional.of(known));
  }

  static AttemptEnd returned(long healthyNanos) {
    return new AttemptEnd(Kind.RETURNED, "", healthyNanos);
  }

  static AttemptEnd thrown(Throwable failure, long healthyNanos) {
    return new AttemptEnd(kindOf(failure), textOf(failure), healthyNanos);
  }

  /** An end by a failure whose meaning the task's own rules may change. */
  static AttemptEnd thrown(Throwable failure, Task task) {
    return new AttemptEnd(kindOf(failure, task), textOf(failure), 0);
  }

  static AttemptEnd hung(String text, long healthyNanos) {
    return new AttemptEnd(Kind.HUNG, text, healthyNanos);
  }

  /** Tells what a failure means, by itself and by its causes. */
  static Kind kindOf(Throwable failure) {
    Kind kind =
        switch (failure) {
          case FatalTaskException _ -> Kind.FATAL;
          case PermanentFailureException _ -> Kind.PERMANENT;
          default -> Kind.FAILED;
        };
    // Causes may form a ring.
    @Nullable Throwable link = failure;
    for (int depth = 0; link != null && depth < MAX_CAUSES; depth++, link = link.getCause()) {
      if (link instanceof VirtualMachineError && !(link instanceof StackOverflowError)) {
        return Kind.VM_ERROR;
      }
      if (link instanceof CorruptionException) {
        kind = Kind.CORRUPTION;
      }
    }
    return kind;
  }

  /** Tells what a failure means for a task that has rules of its own. */
  static Kind kindOf(Throwable failure, Task task) {
    Kind kind = kindOf(failure);
    if (kind != Kind.FAILED || task.failureRules().isEmpty()) {
      return kind;
    }
    @Nullable Throwable link = failure;
    for (int depth = 0; link != null && depth < MAX_CAUSES; depth++, link = link.getCause()) {
      Optional<OnFailure> rule = nearest(task, link);
      if (rule.isPresent()) {
        return switch (rule.get()) {
          case RESTART -> Kind.FAILED;
          case END -> Kind.FINAL;
          case FATAL -> Kind.FATAL;
        };
      }
    }
    return kind;
  }

  /** Returns whether the host answers every failure of that type by itself. */
  static boolean isReserved(Class<? extends Throwable> type) {
    return FatalTaskException.class.isAssignableFrom(type)
        || PermanentFailureException.class.isAssignableFrom(type)
        || CorruptionException.class.isAssignableFrom(type)
        || (VirtualMachineError.class.isAssignableFrom(type)
            && !StackOverflowError.class.isAssignableFrom(type));
  }

  private static Optional<OnFailure> nearest(Task task, Throwable thrown) {
    Task.@Nullable FailureRule best = null;
    for (Task.FailureRule rule : task.failureRules()) {
      // Of two rules for one type the later one is meant.
      if (rule.type().isInstance(thrown)
          && (best == null || best.type().isAssignableFrom(rule.type()))) {
        best = rule;
      }
    }
    return Optional.ofNullable(best).map(Task.FailureRule::then);
  }

  /** Renders a failure in one bounded piece. */
  static String textOf(Throwable failure) {
    String text;
    try {
      text = failure.toString();
    } catch (RuntimeException broken) {
      // getMessage is user code and may fail too.
      text = failure.getClass().getName();
    }
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }
}
