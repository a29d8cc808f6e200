package io.rolehost.runtime.supervision;

import io.rolehost.api.CorruptionException;
import io.rolehost.api.FatalTaskException;
import io.rolehost.api.PermanentFailureException;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended that nobody had asked to stop. Pure.
 *
 * @param kind what decides
 * @param text the failure in one line; empty after a normal return
 * @param healthyNanos how long it worked: from its start to its end, of a hung one to its last
 *     progress
 */
record AttemptEnd(Kind kind, String text, long healthyNanos) {

  private static final int MAX_CAUSES = 64;
  private static final int MAX_TEXT = 500;

  /** Which rule applies. */
  enum Kind {
    RETURNED,
    FAILED,
    HUNG,
    FATAL,
    PERMANENT,
    CORRUPTION,
    VM_ERROR
  }

  static AttemptEnd returned(long healthyNanos) {
    return new AttemptEnd(Kind.RETURNED, "", healthyNanos);
  }

  static AttemptEnd thrown(Throwable failure, long healthyNanos) {
    return new AttemptEnd(kindOf(failure), textOf(failure), healthyNanos);
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
