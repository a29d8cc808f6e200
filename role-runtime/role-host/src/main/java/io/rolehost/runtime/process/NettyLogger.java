package io.rolehost.runtime.process;

import io.netty.util.internal.logging.AbstractInternalLogger;
import io.netty.util.internal.logging.FormattingTuple;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.MessageFormatter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Netty's logger on {@link System.Logger}. Every method does the same for its level. */
final class NettyLogger extends AbstractInternalLogger {
  private static final long serialVersionUID = 1;

  private final transient Logger target;

  private NettyLogger(String name) {
    super(name);
    this.target = System.getLogger(name);
  }

  static final class Factory extends InternalLoggerFactory {
    @Override
    protected InternalLogger newInstance(String name) {
      return new NettyLogger(name);
    }
  }

  private void log(Level level, FormattingTuple line) {
    target.log(level, line.getMessage(), line.getThrowable());
  }

  @Override
  public boolean isTraceEnabled() {
    return target.isLoggable(Level.TRACE);
  }

  @Override
  public void trace(String message) {
    target.log(Level.TRACE, message);
  }

  @Override
  public void trace(String message, @Nullable Throwable thrown) {
    target.log(Level.TRACE, message, thrown);
  }

  @Override
  public void trace(String format, @Nullable Object argument) {
    if (isTraceEnabled()) {
      log(Level.TRACE, MessageFormatter.format(format, argument));
    }
  }

  @Override
  public void trace(String format, @Nullable Object first, @Nullable Object second) {
    if (isTraceEnabled()) {
      log(Level.TRACE, MessageFormatter.format(format, first, second));
    }
  }

  @Override
  public void trace(String format, @Nullable Object... arguments) {
    if (isTraceEnabled()) {
      log(Level.TRACE, MessageFormatter.arrayFormat(format, arguments));
    }
  }

  @Override
  public boolean isDebugEnabled() {
    return target.isLoggable(Level.DEBUG);
  }

  @Override
  public void debug(String message) {
    target.log(Level.DEBUG, message);
  }

  @Override
  public void debug(String message, @Nullable Throwable thrown) {
    target.log(Level.DEBUG, message, thrown);
  }

  @Override
  public void debug(String format, @Nullable Object argument) {
    if (isDebugEnabled()) {
      log(Level.DEBUG, MessageFormatter.format(format, argument));
    }
  }

  @Override
  public void debug(String format, @Nullable Object first, @Nullable Object second) {
    if (isDebugEnabled()) {
      log(Level.DEBUG, MessageFormatter.format(format, first, second));
    }
  }

  @Override
  public void debug(String format, @Nullable Object... arguments) {
    if (isDebugEnabled()) {
      log(Level.DEBUG, MessageFormatter.arrayFormat(format, arguments));
    }
  }

  @Override
  public boolean isInfoEnabled() {
    return target.isLoggable(Level.INFO);
  }

  @Override
  public void info(String message) {
    target.log(Level.INFO, message);
  }

  @Override
  public void info(String message, @Nullable Throwable thrown) {
    target.log(Level.INFO, message, thrown);
  }

  @Override
  public void info(String format, @Nullable Object argument) {
    if (isInfoEnabled()) {
      log(Level.INFO, MessageFormatter.format(format, argument));
    }
  }

  @Override
  public void info(String format, @Nullable Object first, @Nullable Object second) {
    if (isInfoEnabled()) {
      log(Level.INFO, MessageFormatter.format(format, first, second));
    }
  }

  @Override
  public void info(String format, @Nullable Object... arguments) {
    if (isInfoEnabled()) {
      log(Level.INFO, MessageFormatter.arrayFormat(format, arguments));
    }
  }

  @Override
  public boolean isWarnEnabled() {
    return target.isLoggable(Level.WARNING);
  }

  @Override
  public void warn(String message) {
    target.log(Level.WARNING, message);
  }

  @Override
  public void warn(String message, @Nullable Throwable thrown) {
    target.log(Level.WARNING, message, thrown);
  }

  @Override
  public void warn(String format, @Nullable Object argument) {
    if (isWarnEnabled()) {
      log(Level.WARNING, MessageFormatter.format(format, argument));
    }
  }

  @Override
  public void warn(String format, @Nullable Object first, @Nullable Object second) {
    if (isWarnEnabled()) {
      log(Level.WARNING, MessageFormatter.format(format, first, second));
    }
  }

  @Override
  public void warn(String format, @Nullable Object... arguments) {
    if (isWarnEnabled()) {
      log(Level.WARNING, MessageFormatter.arrayFormat(format, arguments));
    }
  }

  @Override
  public boolean isErrorEnabled() {
    return target.isLoggable(Level.ERROR);
  }

  @Override
  public void error(String message) {
    target.log(Level.ERROR, message);
  }

  @Override
  public void error(String message, @Nullable Throwable thrown) {
    target.log(Level.ERROR, message, thrown);
  }

  @Override
  public void error(String format, @Nullable Object argument) {
    if (isErrorEnabled()) {
      log(Level.ERROR, MessageFormatter.format(format, argument));
    }
  }

  @Override
  public void error(String format, @Nullable Object first, @Nullable Object second) {
    if (isErrorEnabled()) {
      log(Level.ERROR, MessageFormatter.format(format, first, second));
    }
  }

  @Override
  public void error(String format, @Nullable Object... arguments) {
    if (isErrorEnabled()) {
      log(Level.ERROR, MessageFormatter.arrayFormat(format, arguments));
    }
  }
}
