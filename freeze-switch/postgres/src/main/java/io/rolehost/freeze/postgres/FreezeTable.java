package io.rolehost.freeze.postgres;

import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.Scope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * The SQL: all of it, on a connection that the caller owns.
 *
 * @param name of the table, safe in SQL
 * @param channel of the notifications, likewise
 */
record FreezeTable(String name, String channel) {

  private static final int MOST_ROWS = 1_000;

  /** An ended freeze stays this long, should a clock have been ahead; as in the freeze file. */
  private static final Duration KEEP_ENDED = Duration.ofDays(1);

  /** The table, its row type, or an entry of the catalog is there already. */
  private static final Set<String> MADE_MEANWHILE = Set.of("42P07", "42710", "23505");

  private static final String DEFINITION =
      """
      CREATE TABLE IF NOT EXISTS TABLE_NAME (
        id          text        PRIMARY KEY DEFAULT gen_random_uuid()::text CHECK (btrim(id) <> ''),
        scope       text        NOT NULL
                    CHECK (scope = '*' OR scope ~ '^(deployment|role|instance):.*[^[:space:]]'),
        owner       text        NOT NULL DEFAULT session_user CHECK (btrim(owner) <> ''),
        reason      text        NOT NULL CHECK (btrim(reason) <> ''),
        since       timestamptz NOT NULL DEFAULT now(),
        until       timestamptz,
        hold        boolean     NOT NULL DEFAULT false,
        evidence    text,
        auto_build  text,
        auto_config text,
        UNIQUE (scope, owner)
      )
      """;

  private static final String COLUMNS =
      "id, scope, owner, reason, since, until, hold, evidence, auto_build, auto_config";

  /**
   * What a change did.
   *
   * @param stored what is in the table now
   * @param notified whether anything changed, and the listeners were told
   */
  record Changed(List<Freeze> stored, boolean notified) {}

  /** Returns the statement that makes the table, as documented. */
  String definition() {
    return DEFINITION.replace("TABLE_NAME", name);
  }

  /** Makes the table if there is none; whoever may only read finds it made. */
  void createIfAbsent(Connection connection) throws SQLException {
    try (PreparedStatement look = connection.prepareStatement("SELECT to_regclass(?) IS NULL")) {
      look.setString(1, name);
      try (ResultSet absent = look.executeQuery()) {
        if (!absent.next() || !absent.getBoolean(1)) {
          return;
        }
      }
    }
    try (Statement create = connection.createStatement()) {
      create.execute(definition());
    } catch (SQLException failed) {
      if (!MADE_MEANWHILE.contains(String.valueOf(failed.getSQLState()))) {
        throw failed;
      }
    }
  }

  /** From now on what is written is heard by {@link #await}. */
  void listen(Connection connection) throws SQLException {
    try (Statement listen = connection.createStatement()) {
      listen.execute("LISTEN " + channel);
    }
  }

  /**
   * Waits for a notification.
   *
   * @return the texts of those that came; none if the time is over
   */
  Set<String> await(Connection connection, Duration longest) throws SQLException {
    PGNotification[] came =
        connection.unwrap(PGConnection.class).getNotifications(Math.toIntExact(longest.toMillis()));
    Set<String> texts = new HashSet<>();
    if (came != null) {
      for (PGNotification each : came) {
        texts.add(each.getParameter());
      }
    }
    return texts;
  }

  /** Reads all rows, the oldest first. */
  List<Freeze> read(Connection connection) throws SQLException {
    String query =
        "SELECT " + COLUMNS + " FROM " + name + " ORDER BY since, id LIMIT " + (MOST_ROWS + 1);
    List<Freeze> freezes = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(query);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        freezes.add(freeze(row));
      }
    }
    if (freezes.size() > MOST_ROWS) {
      throw new SQLException("it has more than " + MOST_ROWS + " rows; delete those that are over");
    }
    return List.copyOf(freezes);
  }

  /**
   * Replaces the rows by {@code change} of them, all or nothing, with no other writer in between.
   *
   * @param notice goes to all who listen if anything changed
   */
  Changed change(
      Connection connection, UnaryOperator<List<Freeze>> change, Instant now, String notice)
      throws SQLException {
    connection.setAutoCommit(false);
    try (Statement lock = connection.createStatement()) {
      lock.execute("SET LOCAL lock_timeout = '3s'"); // below the socket's own timeout
      lock.execute("LOCK TABLE " + name + " IN SHARE ROW EXCLUSIVE MODE"); // readers go on
    }
    List<Freeze> stored = read(connection);
    List<Freeze> next = new ArrayList<>(change.apply(stored));
    next.removeIf(freeze -> freeze.endedAt(now.minus(KEEP_ENDED)));
    if (next.equals(stored)) {
      connection.rollback();
      return new Changed(stored, false);
    }
    delete(connection, stored, next);
    upsert(connection, stored, next);
    notify(connection, notice);
    return new Changed(read(connection), true);
  }

  /** What has another content goes too: it may come back with the id of another row. */
  private void delete(Connection connection, List<Freeze> stored, List<Freeze> next)
      throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM " + name + " WHERE id = ?")) {
      for (Freeze freeze : stored) {
        if (!next.contains(freeze)) {
          delete.setString(1, freeze.id());
          delete.addBatch();
        }
      }
      var _ = delete.executeBatch();
    }
  }

  /** The last one of a scope and owner counts, as everywhere. */
  private void upsert(Connection connection, List<Freeze> stored, List<Freeze> next)
      throws SQLException {
    String insert =
        "INSERT INTO "
            + name
            + " ("
            + COLUMNS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (scope, owner) DO UPDATE SET"
            + " id = excluded.id, reason = excluded.reason, since = excluded.since,"
            + " until = excluded.until, hold = excluded.hold, evidence = excluded.evidence,"
            + " auto_build = excluded.auto_build, auto_config = excluded.auto_config";
    try (PreparedStatement upsert = connection.prepareStatement(insert)) {
      for (Freeze freeze : next) {
        if (!stored.contains(freeze)) {
          set(upsert, freeze);
          upsert.addBatch();
        }
      }
      var _ = upsert.executeBatch();
    }
  }

  private void notify(Connection connection, String notice) throws SQLException {
    try (PreparedStatement notify = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
      notify.setString(1, channel);
      notify.setString(2, notice);
      var _ = notify.execute();
    }
  }

  private static void set(PreparedStatement upsert, Freeze freeze) throws SQLException {
    upsert.setString(1, freeze.id());
    upsert.setString(2, freeze.scope().toString());
    upsert.setString(3, freeze.owner());
    upsert.setString(4, freeze.reason());
    upsert.setObject(5, utc(freeze.since()));
    upsert.setObject(6, freeze.until().map(FreezeTable::utc).orElse(null));
    upsert.setBoolean(7, freeze.hold());
    upsert.setString(8, freeze.evidence().orElse(null));
    upsert.setString(9, freeze.auto().map(Freeze.Auto::build).orElse(null));
    upsert.setString(10, freeze.auto().map(Freeze.Auto::config).orElse(null));
  }

  private static Freeze freeze(ResultSet row) throws SQLException {
    String id = row.getString("id");
    try {
      @Nullable String build = row.getString("auto_build");
      @Nullable String config = row.getString("auto_config");
      return new Freeze(
          id,
          Scope.parse(row.getString("scope")),
          row.getString("owner"),
          row.getString("reason"),
          time(row, "since").orElse(Instant.EPOCH),
          time(row, "until"),
          row.getBoolean("hold"),
          Optional.ofNullable(row.getString("evidence")),
          build == null && config == null
              ? Optional.empty()
              : Optional.of(
                  new Freeze.Auto(build == null ? "" : build, config == null ? "" : config)));
    } catch (IllegalArgumentException wrong) {
      throw new SQLException("the row with id '" + id + "' is wrong: " + wrong.getMessage(), wrong);
    }
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? Optional.empty() : Optional.of(time.toInstant());
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
