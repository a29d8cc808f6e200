package io.rolehost.jobs.ledger;

import io.rolehost.jobs.JobId;
import java.time.Duration;
import java.time.InstantSource;

/** Keys, by scope and name. */
final class SqlKeys implements Keys {

  private static final int BITE = 500;

  private final Database database;
  private final InstantSource clock;

  SqlKeys(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Reservation reserve(
      String scope, String key, String fingerprint, JobId offered, Duration window) {
    long now = clock.millis();
    return database.write(session -> {
      int fresh =
          session.update(
              """
              insert into rolehost_keys (scope, name, fingerprint, job, sent, kept_until)
              values (?, ?, ?, ?, 0, ?)
              on conflict (scope, name) do update
              set fingerprint = excluded.fingerprint, job = excluded.job, sent = 0,
                kept_until = excluded.kept_until
              where rolehost_keys.kept_until <= ?
              """,
              scope,
              key,
              fingerprint,
              offered.value(),
              now + window.toMillis(),
              now);
      if (fresh == 1) {
        return new Reservation.Fresh();
      }
      return session
          .<Reservation>first(
              "select job, fingerprint, sent from rolehost_keys where scope = ? and name = ?",
              row ->
                  new Reservation.Known(
                      new JobId(row.getString(1)), row.getString(2), row.getInt(3) == 1),
              scope,
              key)
          .orElseThrow();
    });
  }

  @Override
  public void sent(String scope, String key) {
    database.note(session ->
        session.update(
            "update rolehost_keys set sent = 1 where scope = ? and name = ?", scope, key));
  }

  @Override
  public void release(String scope, String key) {
    database.write(session ->
        session.update(
            "delete from rolehost_keys where scope = ? and name = ? and sent = 0", scope, key));
  }

  /** Removes a bite of what is over; true if there is more. */
  boolean purge() {
    return Bites.take(database, "rolehost_keys", "scope, name", clock.millis(), BITE);
  }
}
