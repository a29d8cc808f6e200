package io.rolehost.jobs.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/**
 * Brings the tables to what this build knows, by one script a version. Scripts only add, so that a
 * build before this one goes on beside it; a newer schema than it knows is left as it is.
 */
final class Schema {

  /** Scripts are {@code 1.sql}, …, so many. */
  static final int VERSION = 1;

  /** Any number, the same in all processes. */
  private static final long LOCK = 0x726f6c65686f7374L;

  private Schema() {}

  /** Runs what is missing, in the transaction of {@code session}, one process at a time. */
  static void migrate(Session session, Dialect dialect) throws SQLException {
    if (dialect == Dialect.POSTGRESQL) {
      session.query("select pg_advisory_xact_lock(?)", row -> true, LOCK);
    }
    session.update(
        "create table if not exists rolehost_schema (version integer primary key, applied bigint)");
    int found =
        session
            .first("select coalesce(max(version), 0) from rolehost_schema", row -> row.getInt(1))
            .orElse(0);
    for (int version = found + 1; version <= VERSION; version++) {
      for (String statement : script(dialect, version).split(";", -1)) {
        if (!statement.isBlank()) {
          session.update(statement);
        }
      }
      session.update("insert into rolehost_schema values (?, ?)", version, 0L);
    }
  }

  private static String script(Dialect dialect, int version) {
    String name = dialect.scripts() + "/" + version + ".sql";
    try (InputStream in = Schema.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "The jar has no " + name + " beside " + Schema.class.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
