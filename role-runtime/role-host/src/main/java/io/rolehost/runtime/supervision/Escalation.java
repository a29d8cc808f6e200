package io.rolehost.runtime.supervision;

/**
 * A failure that supervision can't cure: the role has to end.
 *
 * @param kind decides how the role ends
 * @param task the full name of the task; of shared state, its name
 * @param why a sentence for an operator, with the numbers and the next step
 * @param cause the last failure
 */
public record Escalation(Kind kind, String task, String why, Throwable cause) {

  /** Why no restart follows. */
  public enum Kind {
    /** The task said that no restart helps. */
    FATAL,
    /** The restart budget is spent. */
    BUDGET,
    /** Shared state is corrupt; the tree has cancelled every task already. */
    CORRUPTION,
    /** A new start of the process would fail again. */
    PERMANENT,
    /** A task hung, was replaced, and its replacement hung too. */
    HANG,
    /** Out of memory, or the JVM itself is broken: nothing can be relied on any more. */
    VM_ERROR
  }
}
