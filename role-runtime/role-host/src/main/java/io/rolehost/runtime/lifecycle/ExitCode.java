package io.rolehost.runtime.lifecycle;

/**
 * The exit codes of a role host. sysexits keep their sense; 80 to 87 are ours; 125 to 127 and 128+n
 * are left to shells and signals and never chosen.
 */
public final class ExitCode {

  /** A stop that was asked for. */
  public static final int OK = 0;

  /** Bad command line. */
  public static final int USAGE = 64;

  /** The role or one of its tasks failed. */
  public static final int FAILED = 70;

  /** The start was refused; another try may succeed. */
  public static final int REFUSED = 75;

  /** The configuration is wrong for good, or the role said that no restart helps. */
  public static final int PERMANENT = 78;

  /** Shared state is corrupt. */
  public static final int CORRUPTION = 80;

  /** Something hung, or the start ran past its limit. */
  public static final int HANG = 81;

  /** Out of memory, or another error of the virtual machine. */
  public static final int VM_ERROR = 82;

  /** The node that started the host is gone. */
  public static final int SUPERVISOR_LOST = 83;

  /** The stop ran past its limit, or something had to be left behind. */
  public static final int FORCED = 84;

  /** {@code System.exit(0)} by the role though nobody asked for a stop. */
  public static final int EXIT_ZERO = 85;

  /** A recycle was asked for. */
  public static final int RECYCLE = 86;

  /** {@code run} returned though nobody asked for a stop. */
  public static final int RUN_RETURNED = 87;

  private ExitCode() {}

  /** Says what a code means, for an operator. */
  public static String meaning(int code) {
    return switch (code) {
      case OK -> "stopped in order";
      case USAGE -> "bad command line";
      case FAILED -> "role or task failed";
      case REFUSED -> "start refused, to be tried again";
      case PERMANENT -> "permanent error: configuration, or the role said so";
      case CORRUPTION -> "corruption";
      case HANG -> "hang or start timeout";
      case 3, VM_ERROR -> "out of memory or VM error";
      case SUPERVISOR_LOST -> "node lost";
      case FORCED -> "stop overran its time and was forced";
      case EXIT_ZERO -> "System.exit(0) while no stop was asked";
      case RECYCLE -> "recycle asked";
      case RUN_RETURNED -> "run returned";
      case 1 -> "the JVM could not start it; its output says why";
      default -> "not a role host's code";
    };
  }
}
