package io.rolehost.api.fence;

import io.rolehost.api.Fence;
import io.rolehost.api.StaleFenceException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.ConnectionBuilder;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one object of JDBC behind a fence. What they return is put behind it as well, or the
 * way {@code result.getStatement().getConnection()} would lead around it.
 */
final class FencedCalls implements InvocationHandler {

  /** What is put behind a fence, each before the one it extends. */
  private static final List<Class<?>> FENCED =
      List.of(
          Connection.class,
          CallableStatement.class,
          PreparedStatement.class,
          Statement.class,
          ResultSet.class,
          DatabaseMetaData.class,
          ConnectionBuilder.class);

  private final Object target;
  private final Fence fence;
  private final @Nullable Connection connection;

  private FencedCalls(Object target, Fence fence, @Nullable Connection connection) {
    this.target = target;
    this.fence = fence;
    this.connection = connection;
  }

  /**
   * Returns {@code target} behind {@code fence}.
   *
   * @param connection the driver's, to roll back on; null where there is none yet
   */
  static <T> T fenced(Class<T> type, T target, Fence fence, @Nullable Connection connection) {
    return type.cast(
        Proxy.newProxyInstance(
            FencedCalls.class.getClassLoader(),
            new Class<?>[] {type},
            new FencedCalls(target, fence, connection)));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return ofObject(method, arguments);
    }
    String name = method.getName();
    if (writes(method.getDeclaringClass(), name)) {
      check();
    } else if (name.equals("close") && target instanceof Connection && !fence.isCurrent()) {
      // What a close does to an open transaction is the driver's choice; some commit it.
      closeWithoutCommit();
      return null;
    }
    @Nullable Object result = call(method, arguments);
    return name.equals("unwrap") ? result : behindTheFence(method, result);
  }

  private Object ofObject(Method method, Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "equals" -> arguments != null && isThisOne(arguments[0]);
      case "hashCode" -> hashCode();
      default -> "fenced " + target;
    };
  }

  private boolean isThisOne(@Nullable Object other) {
    return other != null
        && Proxy.isProxyClass(other.getClass())
        && equals(Proxy.getInvocationHandler(other));
  }

  private static boolean writes(Class<?> type, String name) {
    if (name.startsWith("execute")) {
      return true;
    }
    return switch (name) {
      case "getConnection" -> type == javax.sql.DataSource.class;
      case "build", "commit", "setAutoCommit", "insertRow", "updateRow", "deleteRow", "unwrap" ->
          true;
      default -> false;
    };
  }

  private void check() {
    try {
      fence.check();
    } catch (StaleFenceException stale) {
      try {
        rollBack();
      } catch (SQLException e) {
        stale.addSuppressed(e);
      }
      throw stale;
    }
  }

  private void rollBack() throws SQLException {
    if (connection != null && !connection.isClosed() && !connection.getAutoCommit()) {
      connection.rollback();
    }
  }

  private void closeWithoutCommit() throws SQLException {
    if (connection == null) {
      return;
    }
    try (connection) {
      rollBack();
    }
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause() == null ? thrown : thrown.getCause();
    }
  }

  private @Nullable Object behindTheFence(Method method, @Nullable Object result) {
    // A row is read by thousands of calls that return text and numbers.
    boolean plain = !method.getReturnType().isInterface() && method.getReturnType() != Object.class;
    if (plain || result == null) {
      return result;
    }
    for (Class<?> type : FENCED) {
      if (type.isInstance(result)) {
        return behind(type, result);
      }
    }
    return result;
  }

  private <T> T behind(Class<T> type, Object result) {
    Connection own = result instanceof Connection opened ? opened : connection;
    return fenced(type, type.cast(result), fence, own);
  }
}
