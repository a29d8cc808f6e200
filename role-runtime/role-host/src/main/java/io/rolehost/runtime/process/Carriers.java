package io.rolehost.runtime.process;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import jdk.management.VirtualThreadSchedulerMXBean;

/** The platform threads that carry virtual ones. */
public final class Carriers {

  private Carriers() {}

  /**
   * Returns the name of the carrier that a virtual thread is mounted on; empty if it is on none.
   *
   * <p>The JDK tells it in the text of the thread alone: {@code
   * VirtualThread[#30,name]/runnable@ForkJoinPool-1-worker-2}. Elsewhere it is always empty.
   */
  public static Optional<String> carrierOf(Thread thread) {
    return thread.isVirtual() ? carrierIn(thread.toString()) : Optional.empty();
  }

  static Optional<String> carrierIn(String text) {
    int state = text.lastIndexOf("]/");
    int at = text.indexOf('@', Math.max(state, 0));
    return state < 0 || at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1));
  }

  /** Returns how many carriers may work at the same time. */
  public static int parallelism() {
    return scheduler().getParallelism();
  }

  /**
   * Sets how many carriers may work at the same time.
   *
   * @return whether the JDK did so; it refuses more than its property {@code
   *     jdk.virtualThreadScheduler.maxPoolSize}
   */
  public static boolean setParallelism(int carriers) {
    try {
      scheduler().setParallelism(carriers);
      return true;
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static VirtualThreadSchedulerMXBean scheduler() {
    return ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
  }
}
