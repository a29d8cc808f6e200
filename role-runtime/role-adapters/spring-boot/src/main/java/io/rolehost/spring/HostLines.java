package io.rolehost.spring;

import io.rolehost.runtime.process.ExitCalls;
import io.rolehost.runtime.process.HostLog;
import io.rolehost.runtime.process.HostLoggerFinder;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Brings the host's own lines to the host's log, and calls of {@code System.exit} to the host,
 * where it is in a jar within a jar. The JDK looks for a {@code System.LoggerFinder} on the
 * outermost class path alone, so there the lines go to {@code java.util.logging}, and are taken
 * from there. The application's logging is not touched, nor does it touch this.
 */
final class HostLines {

  /** The names under which the host and its Netty log. */
  private static final List<String> OURS =
      List.of("rolehost", "io.rolehost", "startup-tasks", "io.netty");

  private static final String RUNTIME = "java.lang.Runtime";

  private final List<Logger> taken;
  private final Logger exits;

  private HostLines(List<Logger> taken, Logger exits) {
    this.taken = taken; // else nobody holds them, and they are made anew without what they have
    this.exits = exits;
  }

  /** Takes the lines over, unless the host does so by itself. */
  static HostLines take() {
    if (System.LoggerFinder.getLoggerFinder() instanceof HostLoggerFinder) {
      return new HostLines(List.of(), Logger.getAnonymousLogger());
    }
    List<Logger> ours = OURS.stream().map(Logger::getLogger).toList();
    ours.forEach(logger -> divert(logger, HostLines::record));
    boolean _ = LogManager.getLogManager().addLogger(new ExitLogger()); // no: somebody asked before
    Logger exits = Logger.getLogger(RUNTIME);
    divert(exits, line -> ExitCalls.heard(line.getMessage()));
    exits.setLevel(Level.FINE);
    return new HostLines(ours, exits);
  }

  /** An application that set up its logging anew has set the levels of all loggers back. */
  void again() {
    if (!taken.isEmpty()) {
      exits.setLevel(Level.FINE);
    }
  }

  private static void divert(Logger logger, Consumer<LogRecord> to) {
    logger.setUseParentHandlers(false);
    logger.addHandler(
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            to.accept(line);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
  }

  private static void record(LogRecord line) {
    String name = String.valueOf(line.getLoggerName());
    HostLog.bound()
        .record(
            level(line.getLevel()),
            name,
            new SimpleFormatter().formatMessage(line),
            line.getThrown());
  }

  private static System.Logger.Level level(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return System.Logger.Level.ERROR;
    }
    if (value >= Level.WARNING.intValue()) {
      return System.Logger.Level.WARNING;
    }
    if (value >= Level.INFO.intValue()) {
      return System.Logger.Level.INFO;
    }
    return value >= Level.FINE.intValue() ? System.Logger.Level.DEBUG : System.Logger.Level.TRACE;
  }

  /** Keeps its level: Logback sets back those of all others when it is set up. */
  private static final class ExitLogger extends Logger {
    ExitLogger() {
      super(RUNTIME, null);
    }

    @Override
    public void setLevel(Level ignored) {
      super.setLevel(Level.FINE);
    }
  }
}
