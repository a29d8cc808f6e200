package io.rolehost.jobs.boot;

import java.io.Serial;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Sends what the libraries of background work log through SLF4J to the host's log, in roles that
 * bring no logging of their own. What they call information is the host's DEBUG: a broker tells a
 * page of it at each start.
 */
public final class HostLogging implements SLF4JServiceProvider {

  private static final String PROVIDER = "slf4j.provider";
  private static final String VERBOSITY = "slf4j.internal.verbosity";
  private static final String SERVICES =
      "META-INF/services/" + SLF4JServiceProvider.class.getName();

  /**
   * What Artemis warns of and is all in order: each message that it refuses as it was asked to, and
   * each session of a client that went away, in two lines.
   */
  private static final Set<String> NO_WARNING = Set.of("AMQ222059", "AMQ222061", "AMQ222107");

  private static final int CODE_LENGTH = 9;

  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new NOPMDCAdapter();
  private final ILoggerFactory loggers = new Loggers();

  /** Called by SLF4J. */
  public HostLogging() {}

  /**
   * Makes this the provider, if the role has none. It is not declared as a service on purpose: it
   * would then stand beside the role's own. To be called before a library logs; a second call has
   * no effect.
   */
  public static void where(ClassLoader loader) {
    if (System.getProperty(PROVIDER) == null && loader.getResource(SERVICES) == null) {
      System.setProperty(PROVIDER, HostLogging.class.getName());
      if (System.getProperty(VERBOSITY) == null) {
        System.setProperty(VERBOSITY, "WARN"); // else SLF4J tells that it obeys
      }
    }
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return loggers;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99"; // any of 2.0, as providers say it
  }

  @Override
  public void initialize() {}

  private static final class Loggers implements ILoggerFactory {

    private final ConcurrentMap<String, Logger> known = new ConcurrentHashMap<>();

    @Override
    public Logger getLogger(String name) {
      return known.computeIfAbsent(name, HostLogger::new);
    }
  }

  private static final class HostLogger extends LegacyAbstractLogger {

    @Serial private static final long serialVersionUID = 1;

    private final transient System.Logger target;

    HostLogger(String name) {
      this.name = name;
      this.target = System.getLogger(name);
    }

    @Override
    public boolean isTraceEnabled() {
      return target.isLoggable(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
      return target.isLoggable(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
      return target.isLoggable(Level.DEBUG);
    }

    @Override
    public boolean isWarnEnabled() {
      return target.isLoggable(Level.WARNING);
    }

    @Override
    public boolean isErrorEnabled() {
      return target.isLoggable(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        org.slf4j.event.Level level,
        @Nullable Marker marker,
        @Nullable String message,
        @Nullable Object @Nullable [] arguments,
        @Nullable Throwable thrown) {
      String text = MessageFormatter.basicArrayFormat(message, arguments);
      if (text == null) {
        text = "";
      }
      Level as =
          switch (level) {
            case TRACE -> Level.TRACE;
            case DEBUG, INFO -> Level.DEBUG;
            case WARN -> isInOrder(text) ? Level.DEBUG : Level.WARNING;
            case ERROR -> Level.ERROR;
          };
      target.log(as, text, thrown);
    }

    private static boolean isInOrder(String text) {
      return text.length() >= CODE_LENGTH && NO_WARNING.contains(text.substring(0, CODE_LENGTH));
    }
  }
}
