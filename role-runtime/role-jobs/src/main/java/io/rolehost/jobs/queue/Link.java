package io.rolehost.jobs.queue;

import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.engine.BrokerAddress;
import io.rolehost.jobs.engine.Engine;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of this process to its broker, made when it is first needed and again after a
 * loss. Safe for all threads.
 */
public final class Link implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Link.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** Finds the broker, and starts it where that is the way to have one. */
  public interface Site {

    /**
     * Returns where the broker is now.
     *
     * @throws NoBroker if there is none at the moment; asking again later may help
     */
    BrokerAddress find() throws NoBroker, InterruptedException;
  }

  /** There is no broker at the moment; the message says where it was looked for. */
  public static final class NoBroker extends Exception {
    private static final long serialVersionUID = 1;

    /** Says what was looked for, where, and what to do. */
    public NoBroker(String message) {
      super(message);
    }

    /** As above, with the cause. */
    public NoBroker(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** One connection, until it is lost. */
  static final class Line {

    private final Connection connection;
    private final BrokerAddress address;
    private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();
    private volatile @Nullable JMSException lost;

    private Line(Connection connection, BrokerAddress address) {
      this.connection = connection;
      this.address = address;
    }

    Connection connection() {
      return connection;
    }

    boolean isLost() {
      return lost != null;
    }

    /** Throws if the connection is lost. */
    void check() throws JMSException {
      JMSException cause = lost;
      if (cause != null) {
        JMSException now =
            new JMSException("The connection to the broker at " + address.shown() + " is lost");
        now.initCause(cause);
        throw now;
      }
    }

    void onLost(Runnable listener) {
      listeners.add(listener);
      if (lost != null) {
        listener.run();
      }
    }

    void forget(Runnable listener) {
      listeners.remove(listener);
    }

    private void lose(JMSException cause) {
      if (lost == null) {
        lost = cause;
        new ArrayList<>(listeners).forEach(Runnable::run);
      }
    }
  }

  private final Engine engine;
  private final Site site;
  private final ReentrantLock connecting = new ReentrantLock();
  private volatile @Nullable Line line;
  private volatile boolean closed;
  private volatile String problem = "no connection to the broker was needed yet";
  private @Nullable BrokerAddress factoryFor;
  private @Nullable ConnectionFactory factory;

  /** Connects to nothing yet. */
  public Link(Engine engine, Site site) {
    this.engine = engine;
    this.site = site;
  }

  /** Returns what is wrong, or an empty text while there is a connection. */
  public String problem() {
    Line now = line;
    return now != null && !now.isLost() ? "" : problem;
  }

  /**
   * Returns a live connection, and waits for one if need be.
   *
   * @throws JobsUnavailableException if none can be had in this time
   */
  Line line(Duration patience) throws InterruptedException {
    Line now = line;
    if (now != null && !now.isLost()) {
      return now;
    }
    long end = System.nanoTime() + patience.toNanos();
    if (!connecting.tryLock(Math.max(1, patience.toNanos()), TimeUnit.NANOSECONDS)) {
      throw unavailable(patience, null);
    }
    try {
      return connect(patience, end);
    } finally {
      connecting.unlock();
    }
  }

  private Line connect(Duration patience, long end) throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (true) {
      Line now = line;
      if (now != null && !now.isLost()) {
        return now;
      }
      if (closed) {
        throw new IllegalStateException("The background work of this role is closed");
      }
      Exception failure;
      try {
        Line made = open();
        line = made;
        return made;
      } catch (NoBroker | JMSException e) {
        failure = e;
        problem = String.valueOf(e.getMessage());
      }
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw unavailable(patience, failure);
      }
      Thread.sleep(Duration.ofNanos(Math.min(left, pause.toNanos())));
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
  }

  private Line open() throws NoBroker, JMSException, InterruptedException {
    BrokerAddress address = site.find();
    ConnectionFactory connections = factory;
    if (connections == null || !address.equals(factoryFor)) {
      connections = engine.connections(address);
      factory = connections;
      factoryFor = address;
    }
    Connection connection;
    try {
      connection = connections.createConnection();
    } catch (JMSException e) {
      JMSException told =
          new JMSException(
              "No connection to "
                  + engine.name()
                  + " at "
                  + address.shown()
                  + ": "
                  + e.getMessage());
      told.initCause(e);
      throw told;
    }
    Line made = new Line(connection, address);
    try {
      connection.setExceptionListener(made::lose);
      connection.start();
    } catch (JMSException e) {
      closeQuietly(connection);
      throw e;
    }
    LOG.log(System.Logger.Level.INFO, "Connected to " + engine.name() + " at " + address.shown());
    made.onLost(() -> {
      if (!closed) {
        problem = "the connection to the broker at " + address.shown() + " is lost";
        LOG.log(
            System.Logger.Level.WARNING,
            "The connection to the broker at " + address.shown() + " is lost; trying again");
      }
      // Frees what waits on it; on a thread of its own, since the caller is the client's.
      Thread _ = Thread.startVirtualThread(() -> closeQuietly(connection));
    });
    return made;
  }

  private JobsUnavailableException unavailable(Duration patience, @Nullable Exception cause) {
    return new JobsUnavailableException(
        "The broker could not be reached in " + patience.toMillis() + " ms: " + problem,
        cause == null ? new JMSException(problem) : cause);
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (JMSException e) {
      LOG.log(System.Logger.Level.DEBUG, "Closing a connection failed", e);
    }
  }

  /** Gives back what is taken and not ended. */
  @Override
  public void close() {
    closed = true;
    Line now = line;
    if (now != null) {
      closeQuietly(now.connection);
      line = null;
    }
  }
}
