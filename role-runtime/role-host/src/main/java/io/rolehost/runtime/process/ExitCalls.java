package io.rolehost.runtime.process;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@code System.exit} as an event. The JDK logs each call to the logger {@code java.lang.Runtime}
 * before it does anything (since JDK 21); {@link RuntimeLogger} hears that on the calling thread
 * and never returns to it. So the exit does not happen, the host stops in order, and leaves with
 * that code by itself.
 */
public final class ExitCalls {

  private static final String MESSAGE = "Runtime.exit() called with status: ";

  private static volatile @Nullable Receiver receiver;
  private static volatile @Nullable Thread leaving;

  private ExitCalls() {}

  /** Is told of calls. */
  @FunctionalInterface
  public interface Receiver {

    /** Called on {@code caller}, which is parked for ever afterwards. */
    void exitCalled(int status, Thread caller);
  }

  /** From now on calls go to {@code target}, and threads that make them are parked. */
  public static void deliverTo(Receiver target) {
    receiver = target;
  }

  /** Leaves the process for real, with its shutdown hooks. Does not return. */
  public static void exitFromHost(int code) {
    leaving = Thread.currentThread();
    System.exit(code);
  }

  /**
   * Takes a line that the JDK logged to {@code java.lang.Runtime}; called on the thread that called
   * {@code System.exit}, and does not return to it once there is a receiver.
   */
  public static void heard(String message) {
    Receiver target = receiver;
    if (target == null || !message.startsWith(MESSAGE) || Thread.currentThread() == leaving) {
      return;
    }
    target.exitCalled(
        Integer.parseInt(message.substring(MESSAGE.length()).strip()), Thread.currentThread());
    parkForEver();
  }

  private static void parkForEver() {
    while (true) {
      LockSupport.park(ExitCalls.class);
      // An interrupt would make every further park return at once.
      boolean _ = Thread.interrupted();
    }
  }
}
