package io.rolehost.node.machine;

import io.rolehost.runtime.lifecycle.ExitCode;
import java.time.Duration;

/** How a node reads exit codes; they are listed in {@code docs/node.md}. */
public final class ExitCodes {

  /** What follows the end of a process that nobody had asked to end. */
  public enum Verdict {
    /** It ended as its settings want: no new start. */
    STOPPED,
    /** A new start can't help: no new start. */
    GIVE_UP,
    /** A new start without a pause. */
    AT_ONCE,
    /** A new start after a pause that grows. */
    BACK_OFF
  }

  private ExitCodes() {}

  /**
   * Decides what follows an end.
   *
   * @param byOnReturn whether it ended because {@code run} returned and {@code
   *     rolehost.run.on-return = stop}
   * @param lived from start to end
   */
  public static Verdict verdict(Rules rules, int code, boolean byOnReturn, Duration lived) {
    if (rules.exemptCodes().contains(code)) {
      return Verdict.AT_ONCE;
    }
    if (!rules.roleHost()) {
      return Verdict.BACK_OFF;
    }
    return switch (code) {
      case 0 -> byOnReturn ? Verdict.STOPPED : Verdict.BACK_OFF;
      case 64, 78 -> Verdict.GIVE_UP;
      case 86 -> Verdict.AT_ONCE;
      case 87 -> lived.compareTo(rules.stableWindow()) < 0 ? Verdict.BACK_OFF : Verdict.AT_ONCE;
      default -> Verdict.BACK_OFF;
    };
  }

  /** Says what a code means, for an operator. */
  public static String meaning(Rules rules, int code) {
    return meaning(rules.roleHost(), code);
  }

  /**
   * Says what a code means, for an operator.
   *
   * @param roleHost whether it has the meaning that a role host gives it
   */
  public static String meaning(boolean roleHost, int code) {
    if (code > 128 && code <= 128 + 64) {
      return signal(code - 128);
    }
    return roleHost ? ExitCode.meaning(code) : "not a role host's code";
  }

  private static String signal(int number) {
    return switch (number) {
      case 1 -> "ended by SIGHUP";
      case 2 -> "ended by SIGINT";
      case 6 -> "ended by SIGABRT: the JVM crashed";
      case 9 -> "ended by SIGKILL: by hand, or by the kernel for lack of memory";
      case 11 -> "ended by SIGSEGV: the JVM crashed";
      case 15 -> "ended by SIGTERM";
      default -> "ended by signal " + number;
    };
  }
}
