package io.rolehost.runtime.process;

import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.ThreadFactory;

/**
 * What has to be set before the first other class of Netty is loaded. The one class outside {@code
 * management} and {@code endpoint} that knows Netty, because both need it and neither knows the
 * other.
 */
public final class NettySetup {

  private static final boolean IS_42 = isThere("io.netty.channel.MultiThreadIoEventLoopGroup");
  private static final SystemTime SYSTEM = new SystemTime();

  private NettySetup() {}

  /**
   * Sends Netty's log lines to {@link System.Logger} and sets its properties, unless they are set
   * on the command line. Costs nothing when called again. Any thread.
   */
  public static void once() {
    Applied.now();
  }

  /**
   * Returns event loops for NIO. Netty 4.2 is what the host is built with; an application whose
   * bill of materials holds it at 4.1, as that of Spring Boot 3 does, has the loops of 4.1.
   */
  @SuppressWarnings("deprecation") // in 4.2; in 4.1 there are no others
  public static EventLoopGroup eventLoops(int count, ThreadFactory threads) {
    return IS_42 ? Of42.loops(count, threads) : new NioEventLoopGroup(count, threads);
  }

  /** Returns the option for how received bytes are kept, by the name that it has in both. */
  @SuppressWarnings("deprecation") // in 4.2, for a new name of the same
  public static ChannelOption<RecvByteBufAllocator> receiveBuffers() {
    return ChannelOption.RCVBUF_ALLOCATOR;
  }

  /** Returns the time by which an executor's timers go, in nanoseconds. */
  public static long nanos(EventExecutor executor) {
    return IS_42 ? Of42.nanos(executor) : SYSTEM.nanos();
  }

  /** What 4.1 has not; a class apart, which is not loaded there. */
  private static final class Of42 {
    static EventLoopGroup loops(int count, ThreadFactory threads) {
      return new MultiThreadIoEventLoopGroup(count, threads, NioIoHandler.newFactory());
    }

    static long nanos(EventExecutor executor) {
      return executor.ticker().nanoTime();
    }
  }

  private static boolean isThere(String type) {
    try {
      var _ = Class.forName(type, false, NettySetup.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
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
