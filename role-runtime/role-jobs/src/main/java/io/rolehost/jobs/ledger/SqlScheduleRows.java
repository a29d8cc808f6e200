package io.rolehost.jobs.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Schedules, by name. */
final class SqlScheduleRows implements ScheduleRows {

  private final Database database;
  private final InstantSource clock;

  SqlScheduleRows(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public List<Row> declare(List<Declaration> declarations) {
    long now = clock.millis();
    return database.write(session -> {
      List<Row> rows = new ArrayList<>();
      for (Declaration each : declarations) {
        rows.add(declare(session, each, now));
      }
      return rows;
    });
  }

  private static Row declare(Session session, Declaration given, long now) throws SQLException {
    return session
        .first(
            """
            insert into rolehost_schedules (name, role, hash, described, since, seen)
            values (?, ?, ?, ?, ?, ?)
            on conflict (name) do update
            set role = excluded.role, hash = excluded.hash, described = excluded.described,
              seen = excluded.seen,
              since = case when rolehost_schedules.hash = excluded.hash
                then rolehost_schedules.since else excluded.since end
            returning *
            """,
            SqlScheduleRows::row,
            given.name(),
            given.role(),
            given.hash(),
            given.described(),
            now,
            now)
        .orElseThrow();
  }

  @Override
  public Optional<Row> find(String name) {
    return database.read(session ->
        session.first(
            "select * from rolehost_schedules where name = ?", SqlScheduleRows::row, name));
  }

  @Override
  public List<Row> list() {
    return database.read(session ->
        session.query("select * from rolehost_schedules order by name", SqlScheduleRows::row));
  }

  @Override
  public boolean pause(String name, String by, String reason) {
    return database.write(session ->
        session.update(
                "update rolehost_schedules set paused_by = ?, paused_reason = ?, paused_since = ?"
                    + " where name = ?",
                by,
                reason,
                clock.millis(),
                name)
            == 1);
  }

  @Override
  public boolean resume(String name) {
    return database.write(session ->
        session.update(
                "update rolehost_schedules set paused_by = null, paused_reason = null,"
                    + " paused_since = null where name = ? and paused_since is not null",
                name)
            == 1);
  }

  @Override
  public boolean forget(String name) {
    return database.write(session -> {
      session.update("delete from rolehost_ticks where schedule = ?", name);
      session.update("delete from rolehost_timer where task_instance = ?", name);
      return session.update("delete from rolehost_schedules where name = ?", name) == 1;
    });
  }

  private static Row row(ResultSet row) throws SQLException {
    long since = row.getLong("paused_since");
    Optional<Paused> paused =
        row.wasNull()
            ? Optional.empty()
            : Optional.of(
                new Paused(
                    row.getString("paused_by"),
                    row.getString("paused_reason"),
                    Instant.ofEpochMilli(since)));
    return new Row(
        row.getString("name"),
        row.getString("role"),
        row.getString("hash"),
        row.getString("described"),
        Instant.ofEpochMilli(row.getLong("since")),
        Instant.ofEpochMilli(row.getLong("seen")),
        paused);
  }
}
