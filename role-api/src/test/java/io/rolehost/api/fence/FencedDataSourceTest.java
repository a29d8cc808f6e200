package io.rolehost.api.fence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rolehost.api.StaleFenceException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches the driver, before and after the fence is raised. */
final class FencedDataSourceTest {

  private final List<String> reached = new ArrayList<>();
  private final HandFence fence = new HandFence();
  private final DataSource database = FencedDataSource.of(recording(DataSource.class), fence);
  private boolean autoCommit;
  private boolean rollbackFails;

  @Test
  void transaction_whileCurrent_reachesTheDriver() throws Exception {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      connection.prepareStatement("INSERT").executeUpdate();
      connection.commit();
    }
    assertEquals(
        List.of(
            "getConnection",
            "setAutoCommit",
            "prepareStatement",
            "executeUpdate",
            "commit",
            "close"),
        reached);
  }

  @Test
  void commit_afterTheFence_rollsBackInstead() throws Exception {
    Connection connection = database.getConnection();
    connection.createStatement().execute("INSERT");
    forget();
    assertThrows(StaleFenceException.class, connection::commit);
    assertEquals(List.of("rollback"), reached);
  }

  @Test
  void rollbackThatFails_isSuppressedOnTheRefusal() throws Exception {
    Connection connection = database.getConnection();
    forget();
    rollbackFails = true;
    StaleFenceException refused = assertThrows(StaleFenceException.class, connection::commit);
    assertEquals("connection lost", refused.getSuppressed()[0].getMessage());
  }

  @Test
  void close_afterTheFence_neverLeavesTheTransactionToTheDriver() throws Exception {
    Connection connection = database.getConnection();
    forget();
    connection.close();
    assertEquals(List.of("rollback", "close"), reached);
  }

  @Test
  void switchToAutoCommit_afterTheFence_isRefusedAsTheCommitItIs() throws Exception {
    Connection connection = database.getConnection();
    forget();
    assertThrows(StaleFenceException.class, () -> connection.setAutoCommit(true));
    assertEquals(List.of("rollback"), reached);
  }

  @Test
  void statement_afterTheFenceInAutoCommit_isRefusedWithoutRollback() throws Exception {
    autoCommit = true;
    PreparedStatement statement = database.getConnection().prepareStatement("INSERT");
    statement.addBatch();
    forget();
    assertThrows(StaleFenceException.class, statement::executeUpdate);
    assertThrows(StaleFenceException.class, statement::executeBatch);
    assertThrows(StaleFenceException.class, () -> statement.execute("INSERT"));
    assertEquals(List.of(), reached);
  }

  @Test
  void connection_afterTheFence_isNotHandedOut() {
    fence.raise();
    assertThrows(StaleFenceException.class, database::getConnection);
    assertThrows(StaleFenceException.class, () -> database.getConnection("me", "secret"));
    assertEquals(List.of(), reached);
  }

  @ParameterizedTest
  @ValueSource(strings = {"statement", "result", "metadata"})
  void backDoor_toTheConnection_isFencedToo(String door) throws Exception {
    Connection connection = database.getConnection();
    Statement statement = connection.createStatement();
    ResultSet rows = statement.executeQuery("SELECT");
    Connection again =
        switch (door) {
          case "statement" -> statement.getConnection();
          case "result" -> rows.getStatement().getConnection();
          default -> connection.getMetaData().getConnection();
        };
    forget();
    assertThrows(StaleFenceException.class, again::commit);
    assertEquals(List.of("rollback"), reached);
  }

  @Test
  void rows_afterTheFence_areReadButNotWritten() throws Exception {
    ResultSet rows = database.getConnection().createStatement().executeQuery("SELECT");
    forget();
    rows.getString(1);
    assertThrows(StaleFenceException.class, rows::updateRow);
    assertThrows(StaleFenceException.class, rows::insertRow);
    assertThrows(StaleFenceException.class, rows::deleteRow);
    assertEquals(List.of("getString", "rollback", "rollback", "rollback"), reached);
  }

  @Test
  void exceptionOfTheDriver_comesAsItIs() throws Exception {
    Connection connection = database.getConnection();
    rollbackFails = true;
    SQLException thrown = assertThrows(SQLException.class, connection::rollback);
    assertEquals("connection lost", thrown.getMessage());
  }

  private void forget() {
    reached.clear();
    fence.raise();
  }

  /** A driver that notes what it is told to do and returns more of itself. */
  private <T> T recording(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, _) -> {
              switch (method.getName()) {
                case "isClosed" -> {
                  return false;
                }
                case "getAutoCommit" -> {
                  return autoCommit;
                }
                default -> reached.add(method.getName());
              }
              if (rollbackFails && method.getName().equals("rollback")) {
                throw new SQLException("connection lost");
              }
              Class<?> result = method.getReturnType();
              if (result == boolean.class) {
                return true;
              }
              if (result == int.class) {
                return 1;
              }
              return result.isInterface() ? recording(result) : null;
            }));
  }
}
