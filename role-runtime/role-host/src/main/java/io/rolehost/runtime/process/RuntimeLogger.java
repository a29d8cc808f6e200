package io.rolehost.runtime.process;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** The logger {@code java.lang.Runtime}, which hears of {@code System.exit} before it happens. */
final class RuntimeLogger implements System.Logger {

  @Override
  public String getName() {
    return "java.lang.Runtime";
  }

  @Override
  public boolean isLoggable(Level level) {
    return level == Level.DEBUG;
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    ExitCalls.heard(String.valueOf(message));
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object @Nullable ... parameters) {
    ExitCalls.heard(String.valueOf(format));
  }
}
