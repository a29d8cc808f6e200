package io.rolehost.runtime.lifecycle;

import io.rolehost.api.CorruptionException;
import io.rolehost.api.FatalTaskException;
import io.rolehost.api.PermanentFailureException;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/** What a thrown thing means for the life of the host. Pure. */
public final class Causes {

  /** A chain of causes may be a ring. */
  private static final int DEEPEST = 50;

  private Causes() {}

  /**
   * Returns why the host is to stop because {@code what} threw.
   *
   * @param what for instance {@code onStart}
   */
  public static StopCause of(String what, Throwable thrown) {
    String text = what + " failed: " + text(thrown);
    if (find(thrown, CorruptionException.class).isPresent()) {
      return StopCause.corruption(text);
    }
    if (find(thrown, PermanentFailureException.class).isPresent()) {
      return StopCause.permanent(text);
    }
    if (find(thrown, FatalTaskException.class).isPresent()) {
      return StopCause.taskFatal(text);
    }
    return StopCause.failed(text);
  }

  /** Returns whether the role said, by what it threw, that more than one call is at an end. */
  public static boolean endsTheRole(Throwable thrown) {
    return find(thrown, CorruptionException.class).isPresent()
        || find(thrown, PermanentFailureException.class).isPresent()
        || find(thrown, FatalTaskException.class).isPresent();
  }

  /**
   * Returns the error after which the virtual machine can't be trusted, wherever in the chain it
   * is. A {@code StackOverflowError} is none: it leaves the machine whole.
   */
  public static Optional<Throwable> vmError(Throwable thrown) {
    return find(thrown, OutOfMemoryError.class)
        .or(() -> find(thrown, InternalError.class))
        .or(() -> find(thrown, UnknownError.class));
  }

  /** Returns one line: the class of what was thrown, and its message. */
  public static String text(Throwable thrown) {
    Throwable real =
        thrown instanceof InvocationTargetException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    String message = real.getMessage();
    String name = real.getClass().getName();
    return message == null ? name : name + ": " + message.lines().findFirst().orElse("");
  }

  private static Optional<Throwable> find(Throwable thrown, Class<? extends Throwable> type) {
    Throwable current = thrown;
    for (int depth = 0; current != null && depth < DEEPEST; depth++) {
      if (type.isInstance(current)) {
        return Optional.of(current);
      }
      for (Throwable suppressed : current.getSuppressed()) {
        if (type.isInstance(suppressed)) {
          return Optional.of(suppressed);
        }
      }
      current = current.getCause();
    }
    return Optional.empty();
  }
}
