package io.rolehost.runtime.process;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * Makes the host's log the platform's: what the JDK, Netty and we log through {@code System.Logger}
 * comes out as lines of {@link HostLog}, and no other logging library is loaded.
 */
public final class HostLoggerFinder extends System.LoggerFinder {

  /** Called by the JDK through {@code ServiceLoader}. */
  public HostLoggerFinder() {}

  @Override
  public System.Logger getLogger(String name, Module module) {
    return name.equals("java.lang.Runtime") ? new RuntimeLogger() : new HostLogger(name);
  }

  private record HostLogger(String name) implements System.Logger {

    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      return HostLog.bound().isLoggable(level);
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String message,
        @Nullable Throwable thrown) {
      if (isLoggable(level)) {
        HostLog.bound().record(level, name, String.valueOf(message), thrown);
      }
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String format,
        @Nullable Object @Nullable ... parameters) {
      if (isLoggable(level)) {
        HostLog.bound().record(level, name, formatted(String.valueOf(format), parameters), null);
      }
    }

    /** The JDK passes null for no parameters. */
    private static String formatted(String format, @Nullable Object @Nullable [] parameters) {
      if (parameters == null || parameters.length == 0 || format.indexOf('{') < 0) {
        return format;
      }
      try {
        return java.text.MessageFormat.format(format, parameters);
      } catch (IllegalArgumentException e) {
        return format;
      }
    }
  }
}
