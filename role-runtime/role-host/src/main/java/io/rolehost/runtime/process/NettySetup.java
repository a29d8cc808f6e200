package io.rolehost.runtime.process;

import io.netty.util.internal.logging.InternalLoggerFactory;

/**
 * What has to be set before the first other class of Netty is loaded. The one class outside {@code
 * management} and {@code endpoint} that knows Netty, because both need it and neither knows the
 * other.
 */
public final class NettySetup {

  private NettySetup() {}

  /**
   * Sends Netty's log lines to {@link System.Logger} and sets its properties, unless they are set
   * on the command line. Costs nothing when called again. Any thread.
   */
  public static void once() {
    Applied.now();
  }

  /** Initialized once, by the JVM's own rule. */
  private static final class Applied {
    static {
      // On Java 25 this is Netty's own default; said here so that no JVM warning comes back with
      // another version of either.
      defaultTo("io.netty.noUnsafe", "true");
      // Else each channel id starts with a search of all network interfaces, which costs tens of
      // milliseconds at start. Nobody compares our channel ids with those of another machine.
      defaultTo("io.netty.machineId", "02:00:00:00:00:01");
      defaultTo("io.netty.processId", Long.toString(ProcessHandle.current().pid() & 0x3f_ffff));
      InternalLoggerFactory.setDefaultFactory(new NettyLogger.Factory());
    }

    static void now() {
      // Its class being initialized is all.
    }

    private static void defaultTo(String key, String value) {
      if (System.getProperty(key) == null) {
        System.setProperty(key, value);
      }
    }
  }
}
