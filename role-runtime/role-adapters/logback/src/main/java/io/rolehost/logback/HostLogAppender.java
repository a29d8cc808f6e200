package io.rolehost.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.rolehost.runtime.process.HostLog;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hands what is logged to the log of the host: into the same file and form, bounded, and flushed
 * last at a stop. For a {@code logback.xml} of your own:
 *
 * <pre>{@code <appender name="host" class="io.rolehost.logback.HostLogAppender"/>}</pre>
 *
 * <p>Never waits for a disk or a console. Events must not come from another thread than the one
 * that logged, as an {@code AsyncAppender} would have them: the host asks what its thread does.
 */
public final class HostLogAppender extends AppenderBase<ILoggingEvent> {

  /** Made by Logback. */
  public HostLogAppender() {}

  @Override
  protected void append(ILoggingEvent event) {
    HostLog.bound()
        .record(
            level(event.getLevel()),
            event.getLoggerName(),
            String.valueOf(event.getFormattedMessage()),
            thrown(event.getThrowableProxy()),
            mdc(event.getMDCPropertyMap()));
  }

  private static System.Logger.Level level(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> System.Logger.Level.ERROR;
      case Level.WARN_INT -> System.Logger.Level.WARNING;
      case Level.INFO_INT -> System.Logger.Level.INFO;
      case Level.DEBUG_INT -> System.Logger.Level.DEBUG;
      default -> System.Logger.Level.TRACE;
    };
  }

  private static @Nullable Throwable thrown(@Nullable IThrowableProxy proxy) {
    return proxy instanceof ThrowableProxy known ? known.getThrowable() : null;
  }

  /** What the host says itself is not said twice. */
  private static Map<String, String> mdc(Map<String, String> all) {
    if (all.isEmpty()) {
      return Map.of();
    }
    Map<String, String> own = new HashMap<>(all);
    own.keySet().removeAll(MdcWork.KEYS);
    return own;
  }
}
