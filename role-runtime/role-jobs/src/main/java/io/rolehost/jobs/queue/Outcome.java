package io.rolehost.jobs.queue;

import io.rolehost.api.Backoff;
import io.rolehost.api.CorruptionException;
import io.rolehost.api.FatalTaskException;
import io.rolehost.api.PermanentFailureException;
import io.rolehost.api.StaleFenceException;
import io.rolehost.jobs.PermanentJobException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows from the end of an attempt. Decided by a pure function. */
sealed interface Outcome {

  /** The message is taken off, with all that was to be sent. */
  record Done() implements Outcome {}

  /** The job was cancelled: the message is taken off. */
  record Cancelled() implements Outcome {}

  /** Another attempt after a while, by a new message. */
  record Again(Duration delay, String failure) implements Outcome {}

  /** Another attempt after a while, with the message kept in hand. */
  record AgainInPlace(Duration delay, String failure) implements Outcome {}

  /** No other attempt. */
  record Dead(Reason reason, String failure) implements Outcome {}

  /** Back to the queue, as if it had not been taken. */
  record GiveBack() implements Outcome {}

  /** Why a job became a dead letter. */
  enum Reason {
    /** Its last attempt failed. */
    ATTEMPTS_SPENT,
    /** It was handed out too often, by kills of its receiver. */
    KILLED_TOO_OFTEN,
    /** It failed in a way that no other attempt cures. */
    PERMANENT,
    /** Its payload can't be read. */
    UNREADABLE
  }

  /**
   * What the decision is made from.
   *
   * @param attempt which it was: 1, 2, …
   * @param maxAttempts after which there is none
   * @param permanent exceptions that no other attempt cures
   * @param inPlace whether the message has to be kept in hand: it is one of a group, or the engine
   *     knows no delay
   * @param stopAsked whether the role stops
   * @param random from 0 up to, not including, 1
   */
  record Facts(
      int attempt,
      int maxAttempts,
      Backoff backoff,
      List<Class<? extends Throwable>> permanent,
      boolean inPlace,
      boolean stopAsked,
      double random) {}

  /** Decides. Pure. */
  static Outcome of(Ending ending, Facts facts) {
    return switch (ending) {
      case Ending.Returned() -> new Done();
      case Ending.Stopped() -> new GiveBack();
      case Ending.Cancelled() -> new Cancelled();
      case Ending.TimedOut(var after) ->
          facts.stopAsked()
              ? new GiveBack()
              : failed("broken off at its deadline after " + after, facts);
      case Ending.Threw(var failure) -> threw(failure, facts);
    };
  }

  private static Outcome threw(Throwable failure, Facts facts) {
    String text = textOf(failure);
    if (endsRole(failure)) {
      // What harms the role must not come back for ever: this one counts in any case.
      return facts.attempt() >= facts.maxAttempts()
          ? new Dead(Reason.ATTEMPTS_SPENT, text)
          : new Again(Duration.ZERO, text);
    }
    if (facts.stopAsked()) {
      return new GiveBack();
    }
    if (isPermanent(failure, facts.permanent())) {
      return new Dead(Reason.PERMANENT, text);
    }
    return failed(text, facts);
  }

  private static Outcome failed(String text, Facts facts) {
    if (facts.attempt() >= facts.maxAttempts()) {
      return new Dead(Reason.ATTEMPTS_SPENT, text);
    }
    Duration delay = facts.backoff().delay(facts.attempt(), facts.random());
    return facts.inPlace() ? new AgainInPlace(delay, text) : new Again(delay, text);
  }

  /** Returns whether supervision has to hear of a failure. Pure. */
  static boolean endsRole(Throwable failure) {
    @Nullable Throwable link = failure;
    for (int depth = 0; link != null && depth < MAX_CAUSES; depth++, link = link.getCause()) {
      if (isVmError(link) || link instanceof CorruptionException) {
        return true;
      }
    }
    return failure instanceof FatalTaskException || failure instanceof PermanentFailureException;
  }

  /** Returns whether nothing can be built on this JVM any more. Pure. */
  static boolean vmEnds(Throwable failure) {
    @Nullable Throwable link = failure;
    for (int depth = 0; link != null && depth < MAX_CAUSES; depth++, link = link.getCause()) {
      if (isVmError(link)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isVmError(Throwable failure) {
    return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
  }

  private static boolean isPermanent(
      Throwable failure, List<Class<? extends Throwable>> permanent) {
    if (failure instanceof PermanentJobException) {
      return true;
    }
    if (failure instanceof StaleFenceException) {
      return false;
    }
    for (Class<? extends Throwable> type : permanent) {
      if (type.isInstance(failure)) {
        return true;
      }
    }
    return false;
  }

  /** Renders a failure in one line; its message is user code and may fail itself. */
  static String textOf(Throwable failure) {
    try {
      return failure.toString();
    } catch (RuntimeException broken) {
      return failure.getClass().getName();
    }
  }

  /** Causes may form a ring. */
  int MAX_CAUSES = 64;
}
