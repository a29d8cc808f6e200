package io.rolehost.jobs.ledger;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Ticks. What became of one that was sent is told by its job's row as long as there is one. */
final class SqlTicks implements Ticks {

  private static final int BITE = 500;

  private final Database database;
  private final InstantSource clock;

  SqlTicks(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public void record(List<Entry> entries, Duration kept) {
    if (entries.isEmpty()) {
      return;
    }
    long until = clock.millis() + kept.toMillis();
    database.note(session -> {
      int written = 0;
      for (Entry entry : entries) {
        written +=
            session.update(
                """
                insert into rolehost_ticks (schedule, planned, outcome, job, decided, kept_until)
                values (?, ?, ?, ?, ?, ?)
                on conflict (schedule, planned) do nothing
                """,
                entry.schedule(),
                entry.planned().toEpochMilli(),
                entry.outcome().name(),
                entry.job().map(JobId::value).orElse(null),
                entry.decided().toEpochMilli(),
                until);
      }
      return written;
    });
  }

  @Override
  public List<Entry> list(String schedule, int limit) {
    return database.read(session ->
        session.query(
            """
            select t.schedule, t.planned, t.outcome, t.job, t.decided, t.ended, j.state, j.changed
            from rolehost_ticks t left join rolehost_jobs j on j.id = t.job
            where t.schedule = ? order by t.planned desc limit %d
            """
                .formatted(limit),
            SqlTicks::entry,
            schedule));
  }

  /** Copies the ends of jobs, whose rows are about to go, to their ticks. */
  static void settle(Session session, Object[] jobs) throws SQLException {
    session.update(
        """
        update rolehost_ticks
        set ended = (select j.changed from rolehost_jobs j where j.id = rolehost_ticks.job),
          outcome = (select case j.state when 'DONE' then 'RAN' else j.state end
                     from rolehost_jobs j where j.id = rolehost_ticks.job)
        where job in (%s)
        """
            .formatted(SqlJobRecords.marks(jobs)),
        jobs);
  }

  /** Removes a bite of what is over; true if there is more. */
  boolean purge() {
    return Bites.take(database, "rolehost_ticks", "schedule, planned", clock.millis(), BITE);
  }

  private static Entry entry(ResultSet row) throws SQLException {
    Outcome outcome = Outcome.valueOf(row.getString("outcome"));
    long ended = row.getLong("ended");
    Optional<Instant> end =
        row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended));
    String state = row.getString("state");
    if (state != null && outcome == Outcome.SENT) {
      outcome = ofState(state);
      if (outcome != Outcome.SENT && outcome != Outcome.RUNNING) {
        end = Optional.of(Instant.ofEpochMilli(row.getLong("changed")));
      }
    }
    return new Entry(
        row.getString("schedule"),
        Instant.ofEpochMilli(row.getLong("planned")),
        outcome,
        Optional.ofNullable(row.getString("job")).map(JobId::new),
        Instant.ofEpochMilli(row.getLong("decided")),
        end);
  }

  private static Outcome ofState(String state) {
    return switch (JobStatus.State.valueOf(state)) {
      case PENDING -> Outcome.SENT;
      case RUNNING -> Outcome.RUNNING;
      case DONE -> Outcome.RAN;
      case FAILED -> Outcome.FAILED;
      case CANCELLED -> Outcome.CANCELLED;
    };
  }
}
