package io.rolehost.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.rolehost.runtime.process.HostLog;
import java.util.List;

/**
 * Configures Logback where the role does not: all goes to the log of the host, at its level. A
 * {@code logback.xml} on the class path, or {@code logback.configurationFile}, counts instead. No
 * XML is read, which would take longer than the rest of Logback's start.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class HostConfigurator extends ContextAwareBase implements Configurator {

  private static final List<String> FILES = List.of("logback-test.xml", "logback.xml");

  /** Made by Logback. */
  public HostConfigurator() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (isConfigured()) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    HostLogAppender appender = new HostLogAppender();
    appender.setContext(context);
    appender.setName("host");
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level());
    root.addAppender(appender);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static boolean isConfigured() {
    ClassLoader loader = HostConfigurator.class.getClassLoader();
    return System.getProperty("logback.configurationFile") != null
        || FILES.stream().anyMatch(file -> loader.getResource(file) != null);
  }

  private static Level level() {
    HostLog log = HostLog.bound();
    if (log.isLoggable(System.Logger.Level.TRACE)) {
      return Level.TRACE;
    }
    if (log.isLoggable(System.Logger.Level.DEBUG)) {
      return Level.DEBUG;
    }
    if (log.isLoggable(System.Logger.Level.INFO)) {
      return Level.INFO;
    }
    return log.isLoggable(System.Logger.Level.WARNING) ? Level.WARN : Level.ERROR;
  }
}
