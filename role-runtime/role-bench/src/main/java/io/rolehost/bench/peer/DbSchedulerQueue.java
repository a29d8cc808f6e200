package io.rolehost.bench.peer;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * db-scheduler as a queue: a one-time task for each job, due at once, with 1 KB of data. Arguments:
 * how many threads, a JDBC URL, and a user where there is one.
 */
public final class DbSchedulerQueue {

  private static final String DATA = "x".repeat(1017); // 1 KB as Java writes it

  private DbSchedulerQueue() {}

  /** Serves until its input ends. */
  public static void main(String[] args) throws Exception {
    int threads = Integer.parseInt(args[0]);
    boolean file = args[1].startsWith("jdbc:sqlite:");
    DataSource source = source(args[1], args.length > 2 ? args[2] : "", file ? 1 : threads + 4);
    String table = "bench_" + threads;
    create(source, table, file);
    Round round = new Round();
    OneTimeTask<String> task =
        Tasks.oneTime("job", String.class).execute((instance, context) -> round.handled());
    var builder =
        Scheduler.create(source, List.of(task))
            .tableName(table)
            .threads(threads)
            .enableImmediateExecution()
            .alwaysPersistTimestampInUTC()
            .pollingInterval(Duration.ofMillis(100));
    if (!file) {
      // Its documentation's advice for throughput on PostgreSQL.
      builder.pollUsingLockAndFetch(0.5, 4.0);
    }
    Scheduler scheduler = builder.build();
    scheduler.start();
    round.serve(slots ->
        scheduler.schedule(task.instance(UUID.randomUUID().toString(), DATA), Instant.now()));
    System.exit(0);
  }

  private static DataSource source(String url, String user, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    if (!user.isEmpty()) {
      config.setUsername(user);
    }
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  private static void create(DataSource source, String table, boolean file) throws SQLException {
    String instant = file ? "timestamp" : "timestamp with time zone";
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("drop table if exists " + table);
      statement.execute(
          """
          create table %1$s (task_name text not null, task_instance text not null, task_data %2$s,
            execution_time %3$s not null, picked %4$s not null, picked_by text,
            last_success %3$s, last_failure %3$s, consecutive_failures integer,
            last_heartbeat %3$s, version bigint not null, priority smallint,
            primary key (task_name, task_instance))
          """
              .formatted(table, file ? "blob" : "bytea", instant, file ? "bit" : "boolean"));
      statement.execute("create index %1$s_due on %1$s (execution_time)".formatted(table));
      statement.execute("create index %1$s_alive on %1$s (last_heartbeat)".formatted(table));
    }
  }
}
