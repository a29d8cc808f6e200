package io.rolehost.freeze.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Fence;
import io.rolehost.api.StaleFenceException;
import io.rolehost.api.fence.FencedDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What an abandoned attempt leaves in a real database: nothing, and no lock either. */
final class FencedDataSourceProcessTest {

  private static PostgresServer server;

  private final AtomicBoolean current = new AtomicBoolean(true);
  private final DataSource database = FencedDataSource.of(plain(), new HandFence(current));

  private record HandFence(AtomicBoolean current) implements Fence {

    @Override
    public void check() {
      if (!isCurrent()) {
        throw new StaleFenceException("raised by the test");
      }
    }

    @Override
    public boolean isCurrent() {
      return current.get();
    }

    @Override
    public long number() {
      return 1;
    }
  }

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.createOrSkip();
    server.execute("CREATE TABLE ledger (id int PRIMARY KEY, amount int)");
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.delete();
    }
  }

  @BeforeEach
  void empty() throws Exception {
    server.execute("DELETE FROM ledger");
  }

  @Test
  void transaction_whileCurrent_isCommitted() throws Exception {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      insert(connection);
      connection.commit();
    }
    assertEquals(1, rows());
  }

  @Test
  void commit_afterTheFence_leavesNeitherRowNorLock() throws Exception {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      insert(connection);
      current.set(false);
      assertThrows(StaleFenceException.class, connection::commit);
      // The replacement writes the same key while the abandoned one still holds its connection.
      server.execute("SET lock_timeout = '5s'; INSERT INTO ledger VALUES (1, 200)");
      assertTrue(!connection.isClosed());
    }
    assertEquals(1, rows());
  }

  @Test
  void close_afterTheFence_leavesNothing() throws Exception {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      insert(connection);
      current.set(false);
    }
    assertEquals(0, rows());
  }

  @Test
  void statements_afterTheFence_leaveNothing() throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        PreparedStatement prepared =
            connection.prepareStatement("INSERT INTO ledger VALUES (2, 1)")) {
      prepared.addBatch();
      current.set(false);
      assertThrows(StaleFenceException.class, prepared::executeBatch);
      assertThrows(StaleFenceException.class, prepared::execute);
      assertThrows(
          StaleFenceException.class,
          () -> statement.executeUpdate("INSERT INTO ledger VALUES (3, 1)"));
    }
    assertEquals(0, rows());
  }

  @Test
  void updatableRow_afterTheFence_keepsItsOldValue() throws Exception {
    server.execute("INSERT INTO ledger VALUES (1, 100)");
    try (Connection connection = database.getConnection();
        Statement statement =
            connection.createStatement(
                ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
        ResultSet row = statement.executeQuery("SELECT id, amount FROM ledger")) {
      assertTrue(row.next());
      row.updateInt("amount", 999);
      current.set(false);
      assertThrows(StaleFenceException.class, row::updateRow);
      assertEquals(1, row.getInt("id"));
    }
    try (Connection connection = plain().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT amount FROM ledger")) {
      assertTrue(row.next());
      assertEquals(100, row.getInt(1));
    }
  }

  private static void insert(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO ledger VALUES (?, ?)")) {
      insert.setInt(1, 1);
      insert.setInt(2, 100);
      assertEquals(1, insert.executeUpdate());
    }
  }

  private static int rows() throws SQLException {
    try (Connection connection = plain().getConnection();
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT count(*) FROM ledger")) {
      assertTrue(count.next());
      return count.getInt(1);
    }
  }

  private static DataSource plain() {
    PGSimpleDataSource plain = new PGSimpleDataSource();
    plain.setUrl(server.url());
    plain.setUser("postgres");
    plain.setPassword(PostgresServer.PASSWORD);
    return plain;
  }
}
