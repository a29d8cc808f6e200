package io.rolehost.jobs.ledger;

import com.zaxxer.hikari.HikariDataSource;
import io.rolehost.jobs.ledger.Dialect.Promise;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One commit, and one wait for the disk, for all who want to write a file at the same time: whoever
 * comes first does the work of those who queued up meanwhile, each in a savepoint of its own. Those
 * who need no wait for the disk are a group of their own.
 */
final class GroupCommit {

  private static final int MOST = 64;

  private final Dialect dialect;
  private final ReentrantLock leader = new ReentrantLock();
  private final ConcurrentLinkedQueue<Entry<?>> promised = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Entry<?>> noted = new ConcurrentLinkedQueue<>();

  GroupCommit(Dialect dialect) {
    this.dialect = dialect;
  }

  /** What one caller wants, and what came of it; read and written under the leader's lock. */
  private static final class Entry<T> {
    private final Database.Work<T> work;
    private @Nullable T result;
    private @Nullable Throwable failure;
    private boolean over;

    Entry(Database.Work<T> work) {
      this.work = work;
    }

    void fail(Throwable cause) {
      failure = cause;
      over = true;
    }

    void runIn(Session session, Dialect dialect) throws SQLException {
      failure = null;
      dialect.savepoint(session.connection());
      try {
        result = work.in(session);
        dialect.release(session.connection());
      } catch (Throwable cause) {
        try {
          dialect.rollBackToSavepoint(session.connection());
        } catch (SQLException second) {
          // The whole transaction is gone, as when the disk is full: the cause is everybody's.
          cause.addSuppressed(second);
          throw cause;
        }
        failure = cause;
      }
    }

    @SuppressWarnings("NullAway") // a work that returned is allowed to have returned null
    T result() throws SQLException {
      return switch (failure) {
        case null -> result;
        case SQLException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case Throwable cause -> throw new IllegalStateException(cause);
      };
    }
  }

  <T> T write(HikariDataSource source, Promise promise, Database.Work<T> work) throws SQLException {
    Entry<T> own = new Entry<>(work);
    queue(promise).add(own);
    leader.lock();
    try {
      while (!own.over) {
        lead(source, promise, own);
      }
    } finally {
      leader.unlock();
    }
    return own.result();
  }

  private ConcurrentLinkedQueue<Entry<?>> queue(Promise promise) {
    return switch (promise) {
      case ON_DISK -> promised;
      case IN_ORDER -> noted;
    };
  }

  private void lead(HikariDataSource source, Promise promise, Entry<?> own) {
    ConcurrentLinkedQueue<Entry<?>> queue = queue(promise);
    List<Entry<?>> group = new ArrayList<>();
    for (Entry<?> next = queue.poll(); next != null; next = queue.poll()) {
      group.add(next);
      if (group.size() == MOST) {
        break;
      }
    }
    try (Connection connection = source.getConnection()) {
      commit(source, connection, promise, group);
    } catch (SQLException | RuntimeException failure) {
      boolean interrupted = Thread.currentThread().isInterrupted();
      for (Entry<?> each : group) {
        if (each.over) {
          continue;
        }
        if (interrupted && each != own) {
          queue.add(each); // the interrupt was not meant for it
        } else {
          each.fail(failure);
        }
      }
    }
  }

  private void commit(
      HikariDataSource source, Connection connection, Promise promise, List<Entry<?>> group)
      throws SQLException {
    Session session = new Session(connection);
    try {
      dialect.begin(connection, promise);
      for (Entry<?> each : group) {
        each.runIn(session, dialect);
      }
    } catch (Throwable failure) {
      Database.rollBack(dialect, source, connection, failure);
      throw failure;
    }
    Throwable lost = null;
    try {
      dialect.commit(connection, promise);
    } catch (SQLException failure) {
      Database.rollBack(dialect, source, connection, failure);
      lost = new Database.UncertainException(failure);
    }
    for (Entry<?> each : group) {
      if (lost != null && each.failure == null) {
        each.failure = lost;
      }
      each.over = true;
    }
  }
}
