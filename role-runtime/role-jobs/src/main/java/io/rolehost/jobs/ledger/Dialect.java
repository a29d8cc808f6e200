package io.rolehost.jobs.ledger;

import com.zaxxer.hikari.HikariConfig;
import io.rolehost.api.PermanentFailureException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/** What differs between the two databases; their SQL does not, but for the schema. */
enum Dialect {
  /** A file of this machine. */
  SQLITE,
  /** A server. */
  POSTGRESQL;

  /** What a commit says of a power cut. A kill of the process loses neither. */
  enum Promise {
    /** It is on disk. */
    ON_DISK,
    /**
     * In a file of this machine the last of them may be gone, in their order, together with every
     * process that knew of them; what needs no more repairs itself. On a server as the other: those
     * who know of it live on.
     */
    IN_ORDER
  }

  private static final String SQLITE_PREFIX = "jdbc:sqlite:";

  static Dialect of(String url) {
    if (url.startsWith(SQLITE_PREFIX)) {
      return SQLITE;
    }
    if (url.startsWith("jdbc:postgresql:")) {
      return POSTGRESQL;
    }
    throw new PermanentFailureException(
        "The ledger of background work is kept in SQLite or PostgreSQL: rolehost.jobs.ledger.url"
            + " must begin with jdbc:sqlite: or jdbc:postgresql:, was "
            + LedgerSettings.shown(url));
  }

  String scripts() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the pool for those who write; a file has one, so that its writers queue up fairly. */
  HikariConfig writers(LedgerSettings settings) {
    HikariConfig pool = pool(settings, "rolehost-ledger");
    pool.setMaximumPoolSize(this == SQLITE ? 1 : settings.connections());
    return pool;
  }

  /** Returns a pool for those who only read, where they need not wait for those who write. */
  Optional<HikariConfig> readers(LedgerSettings settings) {
    if (this == POSTGRESQL) {
      return Optional.empty();
    }
    HikariConfig pool = pool(settings, "rolehost-ledger-read");
    pool.setMaximumPoolSize(settings.connections());
    pool.setConnectionInitSql("pragma query_only = true");
    return Optional.of(pool);
  }

  private HikariConfig pool(LedgerSettings settings, String name) {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName(name);
    pool.setMinimumIdle(1);
    pool.setConnectionTimeout(settings.timeout().toMillis());
    pool.setInitializationFailTimeout(-1);
    if (this == SQLITE) {
      pool.setDataSource(file(settings));
      pool.setMaxLifetime(0);
    } else {
      pool.setDriverClassName(driver());
      pool.setJdbcUrl(settings.url());
      pool.setUsername(settings.user());
      pool.setPassword(settings.password());
      String seconds = Long.toString(Math.max(1, settings.timeout().toSeconds()));
      pool.addDataSourceProperty("connectTimeout", seconds);
      pool.addDataSourceProperty("socketTimeout", seconds);
      pool.addDataSourceProperty("ApplicationName", name);
    }
    return pool;
  }

  private static String driver() {
    String driver = "org.postgresql.Driver";
    try {
      Class.forName(driver, false, Dialect.class.getClassLoader());
      return driver;
    } catch (ClassNotFoundException e) {
      throw new PermanentFailureException(
          "rolehost.jobs.ledger.url names a PostgreSQL server, and its driver is not on the class"
              + " path: add org.postgresql:postgresql to the role's dependencies.",
          e);
    }
  }

  private static SQLiteDataSource file(LedgerSettings settings) {
    Path folder =
        Path.of(settings.url().substring(SQLITE_PREFIX.length())).toAbsolutePath().getParent();
    if (folder != null) {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new UncheckedIOException("The folder of the ledger can't be made: " + folder, e);
      }
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // Whoever promises more says so at the beginning of his transaction.
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setBusyTimeout((int) settings.timeout().toMillis());
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl(settings.url());
    return source;
  }

  /**
   * Begins a transaction. SQLite is told by words: its driver forgets to begin the next transaction
   * where it could not begin one, and its statements are then on their own.
   */
  void begin(Connection connection, Promise promise) throws SQLException {
    switch (this) {
      case SQLITE -> {
        if (promise == Promise.ON_DISK) {
          say(connection, "pragma synchronous = full");
        }
        say(connection, "begin immediate");
      }
      case POSTGRESQL -> connection.setAutoCommit(false);
    }
  }

  void commit(Connection connection, Promise promise) throws SQLException {
    switch (this) {
      case SQLITE -> {
        say(connection, "commit");
        if (promise == Promise.ON_DISK) {
          say(connection, "pragma synchronous = normal");
        }
      }
      case POSTGRESQL -> connection.commit();
    }
  }

  /** Ends a transaction without a trace; one that never began has none. */
  void rollBack(Connection connection) throws SQLException {
    switch (this) {
      case SQLITE -> {
        try {
          say(connection, "rollback");
        } catch (SQLException e) {
          if (primary(e) != SQLiteErrorCode.SQLITE_ERROR.code) {
            throw e;
          }
        }
      }
      case POSTGRESQL -> connection.rollback();
    }
  }

  /** Begins a part of a transaction that can be taken back alone. */
  void savepoint(Connection connection) throws SQLException {
    say(connection, "savepoint part");
  }

  void release(Connection connection) throws SQLException {
    say(connection, "release part");
  }

  void rollBackToSavepoint(Connection connection) throws SQLException {
    say(connection, "rollback to part");
    say(connection, "release part");
  }

  private static void say(Connection connection, String words) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(words);
    }
  }

  /** Returns whether the same transaction may succeed when it is tried again soon. */
  boolean passes(SQLException failure) {
    String state = failure.getSQLState() == null ? "" : failure.getSQLState();
    return switch (this) {
      case SQLITE ->
          primary(failure) == SQLiteErrorCode.SQLITE_BUSY.code
              || primary(failure) == SQLiteErrorCode.SQLITE_LOCKED.code;
      // Connection lost, server starting or stopping, serialization failure, deadlock.
      case POSTGRESQL ->
          state.startsWith("08") || state.startsWith("57P0") || state.startsWith("40");
    };
  }

  /** Says what to do about a failure; empty where its own message must do. */
  String advice(SQLException failure, Duration timeout) {
    return switch (this) {
      case SQLITE -> {
        int code = primary(failure);
        if (code == SQLiteErrorCode.SQLITE_FULL.code) {
          yield "The disk is full: make room, nothing was written.";
        }
        if (code == SQLiteErrorCode.SQLITE_BUSY.code) {
          yield "Another process kept it locked for " + timeout.toMillis() + " ms.";
        }
        if (code == SQLiteErrorCode.SQLITE_READONLY.code
            || code == SQLiteErrorCode.SQLITE_CANTOPEN.code) {
          yield "Check that this user may write the file and its folder.";
        }
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code
            || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
          yield "The file is damaged: stop the roles, move it away, and start again.";
        }
        yield "";
      }
      case POSTGRESQL ->
          "53100".equals(failure.getSQLState())
              ? "The server's disk is full."
              : "Check that the server runs, and user and password.";
    };
  }

  private static int primary(SQLException failure) {
    return failure.getErrorCode() & 0xff;
  }
}
