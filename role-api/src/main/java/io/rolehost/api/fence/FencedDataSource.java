package io.rolehost.api.fence;

import io.rolehost.api.Experimental;
import io.rolehost.api.Fence;
import java.sql.Connection;
import javax.sql.DataSource;

/**
 * A database that one attempt of a task may write to for as long as it is current.
 *
 * <pre>{@code
 * Task.named("ledger").body(task -> {
 *   DataSource database = FencedDataSource.of(pool, task.fence());
 *   try (Connection connection = database.getConnection()) { … }
 * });
 * }</pre>
 */
@Experimental
public final class FencedDataSource {

  private FencedDataSource() {}

  /**
   * Returns {@code database} behind {@code fence}: it, and each connection, statement and result
   * that comes of it, checks the fence before it
   *
   * <ul>
   *   <li>hands out a connection,
   *   <li>executes a statement or a batch, or writes a row of an updatable result,
   *   <li>commits, which a change of auto-commit does as well.
   * </ul>
   *
   * <p>Once the fence is raised these roll the open transaction back and throw {@link
   * io.rolehost.api.StaleFenceException}; a transaction that is still open is rolled back by {@code
   * close()} too, which throws nothing for it. A roll-back that fails is suppressed on the
   * exception. Reading what a statement returned before goes on. What {@code unwrap} returns is the
   * driver's own and has no fence.
   *
   * @param database a pool or a driver's; closed by whoever owns it
   * @param fence of the attempt that will write
   * @return as safe for threads as {@code database}
   */
  public static DataSource of(DataSource database, Fence fence) {
    return FencedCalls.fenced(DataSource.class, database, fence, null);
  }

  /**
   * Returns a connection that was opened already behind {@code fence}; see {@link #of}.
   *
   * @param connection must not be used beside the one that is returned
   */
  public static Connection connection(Connection connection, Fence fence) {
    return FencedCalls.fenced(Connection.class, connection, fence, connection);
  }
}
