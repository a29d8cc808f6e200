package io.rolehost.jobs.ledger;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Pauses, by queue. */
final class SqlPauses implements Pauses {

  private final Database database;
  private final InstantSource clock;

  SqlPauses(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public void pause(String queue, String by, String reason) {
    database.write(session ->
        session.update(
            """
            insert into rolehost_pauses (queue, paused_by, reason, since) values (?, ?, ?, ?)
            on conflict (queue) do update
            set paused_by = excluded.paused_by, reason = excluded.reason, since = excluded.since
            """,
            queue,
            by,
            reason,
            clock.millis()));
  }

  @Override
  public boolean resume(String queue) {
    return database.write(
        session -> session.update("delete from rolehost_pauses where queue = ?", queue) == 1);
  }

  @Override
  public List<Paused> list() {
    return database.read(session ->
        session.query(
            "select queue, paused_by, reason, since from rolehost_pauses order by queue",
            row ->
                new Paused(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    Instant.ofEpochMilli(row.getLong(4)))));
  }
}
