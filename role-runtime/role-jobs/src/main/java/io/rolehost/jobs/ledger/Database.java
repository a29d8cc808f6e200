package io.rolehost.jobs.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.ledger.Dialect.Promise;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Transactions on the ledger's database, which is opened and migrated by the first of them. */
final class Database implements AutoCloseable {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

  /** What is done in one transaction. */
  @FunctionalInterface
  interface Work<T> {
    T in(Session session) throws SQLException;
  }

  private record Pools(HikariDataSource writers, HikariDataSource readers) {}

  private final LedgerSettings settings;
  private final Dialect dialect;
  private final GroupCommit group;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable Pools pools;
  private boolean closed;

  Database(LedgerSettings settings) {
    this.settings = settings;
    this.dialect = Dialect.of(settings.url());
    this.group = new GroupCommit(dialect);
  }

  Dialect dialect() {
    return dialect;
  }

  DataSource writers() {
    return retried("opened", () -> open().writers());
  }

  /** Does {@code work} in one transaction, which is on disk then. */
  <T> T write(Work<T> work) {
    return retried("written", () -> grouped(open().writers(), Promise.ON_DISK, work));
  }

  /** Does {@code work} in one transaction, whose loss in a power cut would repair itself. */
  <T> T note(Work<T> work) {
    return retried("written", () -> grouped(open().writers(), Promise.IN_ORDER, work));
  }

  /** Does {@code work}, which only reads. */
  <T> T read(Work<T> work) {
    return retried(
        "read",
        () -> {
          try (Connection connection = open().readers().getConnection()) {
            return work.in(new Session(connection));
          }
        });
  }

  private <T> T grouped(HikariDataSource source, Promise promise, Work<T> work)
      throws SQLException {
    return switch (dialect) {
      case SQLITE -> group.write(source, promise, work);
      case POSTGRESQL -> inTransaction(source, promise, work);
    };
  }

  private <T> T inTransaction(HikariDataSource source, Promise promise, Work<T> work)
      throws SQLException {
    try (Connection connection = source.getConnection()) {
      T result;
      try {
        dialect.begin(connection, promise);
        result = work.in(new Session(connection));
      } catch (Throwable failure) {
        rollBack(dialect, source, connection, failure);
        throw failure;
      }
      try {
        dialect.commit(connection, promise);
      } catch (SQLException failure) {
        rollBack(dialect, source, connection, failure);
        // It may have arrived: only the caller knows whether it may be done again.
        throw new UncertainException(failure);
      }
      return result;
    }
  }

  static void rollBack(
      Dialect dialect, HikariDataSource source, Connection connection, Throwable failure) {
    try {
      dialect.rollBack(connection);
    } catch (SQLException second) {
      failure.addSuppressed(second);
      source.evictConnection(connection);
    }
  }

  private interface Attempt<T> {
    T run() throws SQLException;
  }

  private <T> T retried(String what, Attempt<T> attempt) {
    RetryPolicy<T> again =
        RetryPolicy.<T>builder()
            .handleIf(failure -> failure instanceof SQLException sql && dialect.passes(sql))
            .withBackoff(FIRST_PAUSE, LONGEST_PAUSE)
            .withMaxRetries(-1)
            .withMaxDuration(settings.timeout())
            .build();
    try {
      return Failsafe.with(again).get(attempt::run);
    } catch (UncertainException failure) {
      throw unavailable(what, failure.cause);
    } catch (FailsafeException failure) {
      if (failure.getCause() instanceof SQLException sql) {
        throw unavailable(what, sql);
      }
      if (failure.getCause() instanceof InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new JobsUnavailableException(
            "The wait for the ledger " + settings.shown() + " was interrupted", interrupted);
      }
      throw failure;
    }
  }

  private JobsUnavailableException unavailable(String what, SQLException failure) {
    String advice = dialect.advice(failure, settings.timeout());
    return new JobsUnavailableException(
        "The ledger "
            + settings.shown()
            + " could not be "
            + what
            + " within "
            + settings.timeout().toMillis()
            + " ms: "
            + failure.getMessage()
            + (advice.isEmpty() ? "" : " — " + advice),
        failure);
  }

  private Pools open() throws SQLException {
    Pools before = pools;
    if (before != null) {
      return before;
    }
    opening.lock();
    try {
      Pools meanwhile = pools;
      if (meanwhile != null) {
        return meanwhile;
      }
      if (closed) {
        throw new IllegalStateException("The ledger is closed: the role stops");
      }
      HikariDataSource writers = new HikariDataSource(dialect.writers(settings));
      try {
        inTransaction(
            writers,
            Promise.ON_DISK,
            session -> {
              Schema.migrate(session, dialect);
              return true;
            });
      } catch (Throwable failure) {
        writers.close();
        throw failure;
      }
      Optional<HikariConfig> readers = dialect.readers(settings);
      Pools opened = new Pools(writers, readers.map(HikariDataSource::new).orElse(writers));
      pools = opened;
      return opened;
    } finally {
      opening.unlock();
    }
  }

  @Override
  public void close() {
    opening.lock();
    try {
      closed = true;
      Pools open = pools;
      pools = null;
      if (open != null) {
        open.readers().close(); // which may be the same pool; it is closed once
        open.writers().close();
      }
    } finally {
      opening.unlock();
    }
  }

  /** A commit whose answer was lost. */
  static final class UncertainException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient SQLException cause;

    UncertainException(SQLException cause) {
      super(cause);
      this.cause = cause;
    }
  }
}
