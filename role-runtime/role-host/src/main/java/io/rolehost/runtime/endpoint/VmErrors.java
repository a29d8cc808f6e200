package io.rolehost.runtime.endpoint;

/** Tells what the process must not go on after. */
final class VmErrors {

  /** Longer chains of causes are loops. */
  private static final int MAX_CAUSES = 50;

  private VmErrors() {}

  /**
   * Returns whether {@code thrown} is, or was caused by, a virtual machine that is past helping.
   */
  static boolean in(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
      if (cause instanceof VirtualMachineError && !(cause instanceof StackOverflowError)) {
        return true;
      }
    }
    return false;
  }
}
