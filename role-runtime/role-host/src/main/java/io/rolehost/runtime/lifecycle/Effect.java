package io.rolehost.runtime.lifecycle;

/** What the shell is told to do. It returns at once; what comes of it comes back as an event. */
public sealed interface Effect {

  /** Ask the freeze sources, and again on each change until the check is passed. */
  record CheckFreeze(int check) implements Effect {}

  /** Run the startup tasks. */
  record RunStartupTasks() implements Effect {}

  /** Read the configuration again. */
  record ReloadConfig() implements Effect {}

  /** Find and build the role and call {@code onStart}, on a thread of its own. */
  record StartRole() implements Effect {}

  /** Call {@code onApplicationStart}, then open the listeners, on a thread of its own. */
  record StartApplication() implements Effect {}

  /** Call {@code run} on a thread of its own. */
  record Run() implements Effect {}

  /** Cancel the token of a start that is to be given up. */
  record CancelStart() implements Effect {}

  /** Interrupt the thread of a start that is to be given up. */
  record InterruptStart() implements Effect {}

  /** Cancel every task, now. */
  record CancelTasks() implements Effect {}

  /** Go on serving, tell clients to leave, and say when it is quiet. */
  record Drain(long endNanos) implements Effect {}

  /**
   * Perform a step of the stop.
   *
   * @param endNanos when the step has had its share
   */
  record Perform(StopStep step, long endNanos) implements Effect {}

  /** Cancel the stop tokens of the role and of its tasks. */
  record CancelTokens() implements Effect {}

  /** Interrupt the thread of {@code run}. */
  record InterruptRun() implements Effect {}

  /** Write down that something was left behind, with its stack. */
  record ReportLeftBehind(String what) implements Effect {}

  /** Fire {@code timer} at {@code atNanos}. */
  record Arm(Timer timer, long atNanos) implements Effect {}

  /** Do not fire {@code timer}. */
  record Disarm(Timer timer) implements Effect {}

  /** Leave the process in order. */
  record Exit(int code) implements Effect {}

  /** Write down what ran past its limit, with the stacks of what of the role's is still going. */
  record ReportLate(String why) implements Effect {}

  /** Write a thread dump and an incident, then halt. */
  record DumpThenHalt(int code, String why) implements Effect {}

  /** Write the end into the journal and nothing else, then halt. */
  record NoteThenHalt(int code, String why) implements Effect {}

  /** Halt by the shortest path. */
  record Halt(int code) implements Effect {}
}
