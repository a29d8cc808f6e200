package io.rolehost.jobs.ledger;

import io.rolehost.api.StaleFenceException;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Jobs and their checkpoints: one row a job, so that one statement both fences and writes. */
final class SqlJobRecords implements JobRecords, Checkpoints {

  /** How long the row of a job that is not tracked stays when nobody ends it. */
  private static final Duration ADOPTED = Duration.ofDays(30);

  private static final int BITE = 200;

  private static final String OF_THIS_ATTEMPT = " where id = ? and epoch = ? and state = 'RUNNING'";

  private final Database database;
  private final InstantSource clock;

  SqlJobRecords(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public boolean create(NewJob job) {
    long now = clock.millis();
    return database.write(session ->
        session.update(
                """
                insert into rolehost_jobs (id, type, queue, tracked, state, epoch, attempts, done, total, told,
                  message, sent, cancel, submitted, changed, retention)
                values (?, ?, ?, 1, 'PENDING', 0, 0, 0, 0, '', ?, 0, 0, ?, ?, ?)
                on conflict (id) do nothing
                """,
                job.id().value(),
                job.type(),
                job.queue(),
                job.message(),
                now,
                now,
                job.retention().toMillis())
            == 1);
  }

  @Override
  public void sent(JobId id) {
    database.note(session ->
        session.update(
            "update rolehost_jobs set sent = 1, message = null where id = ? and sent = 0",
            id.value()));
  }

  @Override
  public void withdraw(JobId id) {
    database.note(session ->
        session.update("delete from rolehost_jobs where id = ? and sent = 0", id.value()));
  }

  @Override
  public Optional<JobStatus> find(JobId id) {
    return database.read(session ->
        session.first(
            "select * from rolehost_jobs where id = ? and tracked = 1",
            SqlJobRecords::status,
            id.value()));
  }

  @Override
  public Claim claim(JobId id, int attempt) {
    return database.note(session -> {
      Optional<Claim> owned =
          session.first(
              """
              update rolehost_jobs
              set epoch = epoch + 1, state = 'RUNNING', sent = 1, message = null, changed = ?,
                attempts = case when ? > attempts then ? else attempts + 1 end
              where id = ? and tracked = 1 and state in ('PENDING', 'RUNNING')
              returning epoch, cancel
              """,
              row -> new Claim.Owned(row.getLong(1), row.getInt(2) == 1),
              clock.millis(),
              attempt,
              attempt,
              id.value());
      if (owned.isPresent()) {
        return owned.get();
      }
      return session
          .<Claim>first(
              "select state from rolehost_jobs where id = ? and tracked = 1",
              row -> new Claim.Over(JobStatus.State.valueOf(row.getString(1))),
              id.value())
          .orElseGet(Claim.Unknown::new);
    });
  }

  @Override
  public long adopt(JobId id, String type, String queue, int attempt) {
    long now = clock.millis();
    return database.note(session ->
        session
            .first(
                """
                insert into rolehost_jobs (id, type, queue, tracked, state, epoch, attempts, done, total, told,
                  sent, cancel, submitted, changed, retention, kept_until)
                values (?, ?, ?, 0, 'RUNNING', 1, ?, 0, 0, '', 1, 0, ?, ?, ?, ?)
                on conflict (id) do update
                set epoch = rolehost_jobs.epoch + 1, state = 'RUNNING', attempts = excluded.attempts,
                  changed = excluded.changed, kept_until = excluded.kept_until
                returning epoch
                """,
                row -> row.getLong(1),
                id.value(),
                type,
                queue,
                attempt,
                now,
                now,
                ADOPTED.toMillis(),
                now + ADOPTED.toMillis())
            .orElseThrow());
  }

  @Override
  public void check(JobId id, long epoch) {
    if (database.read(
        session ->
            session
                .first(
                    "select 1 from rolehost_jobs" + OF_THIS_ATTEMPT, row -> true, id.value(), epoch)
                .isEmpty())) {
      throw stale(id, epoch);
    }
  }

  @Override
  public void progress(JobId id, long epoch, JobStatus.Progress progress) {
    note(
        id,
        epoch,
        "done = ?, total = ?, told = ?",
        progress.done(),
        progress.total(),
        progress.text());
  }

  @Override
  public void done(JobId id, long epoch, Optional<String> result) {
    long now = clock.millis();
    int changed =
        database.write(session ->
            session.update(
                    "delete from rolehost_jobs" + OF_THIS_ATTEMPT + " and tracked = 0",
                    id.value(),
                    epoch)
                + session.update(
                    "update rolehost_jobs set state = 'DONE', result = ?, failure = null, position"
                        + " = null, changed = ?, kept_until = ? + retention"
                        + OF_THIS_ATTEMPT,
                    result.orElse(null),
                    now,
                    now,
                    id.value(),
                    epoch));
    if (changed == 0) {
      throw stale(id, epoch);
    }
  }

  @Override
  public void failedAttempt(JobId id, long epoch, String failure) {
    note(id, epoch, "state = 'PENDING', failure = ?", failure);
  }

  @Override
  public void failed(JobId id, long epoch, String failure) {
    promise(
        id,
        epoch,
        "state = 'FAILED', failure = ?, kept_until = ? + retention",
        failure,
        clock.millis());
  }

  @Override
  public void givenBack(JobId id, long epoch) {
    note(id, epoch, "state = 'PENDING'");
  }

  @Override
  public void cancelled(JobId id, long epoch) {
    promise(
        id,
        epoch,
        "state = 'CANCELLED', position = null, kept_until = ? + retention",
        clock.millis());
  }

  @Override
  public void save(JobId id, long epoch, String position) {
    promise(id, epoch, "position = ?", position);
  }

  @Override
  public Optional<String> position(JobId id) {
    return database.read(session ->
        session.first(
            "select position from rolehost_jobs where id = ? and position is not null",
            row -> row.getString(1),
            id.value()));
  }

  @Override
  public void buried(JobId id, String failure) {
    long now = clock.millis();
    database.write(session ->
        session.update(
            "update rolehost_jobs set state = 'FAILED', failure = ?, epoch = epoch + 1, changed ="
                + " ?, kept_until = ? + retention where id = ? and state in ('PENDING', 'RUNNING')",
            failure,
            now,
            now,
            id.value()));
  }

  @Override
  public boolean redriven(JobId id) {
    return database.write(session ->
        session.update(
                "update rolehost_jobs set state = 'PENDING', cancel = 0, kept_until = null,"
                    + " changed = ? where id = ? and state = 'FAILED'",
                clock.millis(),
                id.value())
            == 1);
  }

  @Override
  public boolean requestCancel(JobId id) {
    long now = clock.millis();
    return database.write(session ->
        session.update(
                """
                update rolehost_jobs
                set cancel = 1, changed = ?,
                  kept_until = case when state = 'PENDING' then ? + retention else kept_until end,
                  state = case when state = 'PENDING' then 'CANCELLED' else state end
                where id = ? and tracked = 1 and state in ('PENDING', 'RUNNING')
                """,
                now,
                now,
                id.value())
            == 1);
  }

  @Override
  public List<JobId> cancelRequested(List<JobId> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    Object[] values = ids.stream().map(JobId::value).toArray();
    return database.read(session ->
        session.query(
            "select id from rolehost_jobs where cancel = 1 and id in (" + marks(values) + ")",
            row -> new JobId(row.getString(1)),
            values));
  }

  @Override
  public List<JobStatus> list(JobFilter filter, int limit) {
    StringBuilder sql = new StringBuilder("select * from rolehost_jobs where tracked = 1");
    List<Object> values = new ArrayList<>();
    filter
        .queue()
        .ifPresent(queue -> {
          sql.append(" and queue = ?");
          values.add(queue);
        });
    if (!filter.states().isEmpty()) {
      filter.states().forEach(state -> values.add(state.name()));
      sql.append(" and state in (").append(marks(filter.states().toArray())).append(")");
    }
    sql.append(" order by submitted desc limit ").append(limit);
    return database.read(
        session -> session.query(sql.toString(), SqlJobRecords::status, values.toArray()));
  }

  @Override
  public List<NewJob> unsent(Instant before, int limit) {
    return database.read(session ->
        session.query(
            "select id, type, queue, message, retention from rolehost_jobs where sent = 0 and state"
                + " = 'PENDING' and submitted < ? order by submitted limit "
                + limit,
            row ->
                new NewJob(
                    new JobId(row.getString(1)),
                    row.getString(2),
                    row.getString(3),
                    Optional.ofNullable(row.getString(4)).orElse(""),
                    Duration.ofMillis(row.getLong(5))),
            before.toEpochMilli()));
  }

  @Override
  public List<JobId> unfinished(String queue, int limit) {
    return database.read(session ->
        session.query(
            "select id from rolehost_jobs where queue = ? and tracked = 1"
                + " and state in ('PENDING', 'RUNNING') order by submitted limit "
                + limit,
            row -> new JobId(row.getString(1)),
            queue));
  }

  /** Removes a bite of what is over; true if there is more. */
  boolean purge() {
    List<String> over =
        database.read(session ->
            session.query(
                "select id from rolehost_jobs where kept_until < ? limit " + BITE,
                row -> row.getString(1),
                clock.millis()));
    if (over.isEmpty()) {
      return false;
    }
    Object[] values = over.toArray();
    database.write(session -> {
      SqlTicks.settle(session, values);
      List<@Nullable Object> bound = new ArrayList<>(over);
      bound.add(clock.millis());
      return session.update(
          "delete from rolehost_jobs where id in (" + marks(values) + ") and kept_until < ?",
          bound.toArray());
    });
    return over.size() == BITE;
  }

  static String marks(Object[] values) {
    return String.join(", ", Collections.nCopies(values.length, "?"));
  }

  private void promise(JobId id, long epoch, String set, @Nullable Object... values) {
    @Nullable Object[] bound = bound(id, epoch, values);
    confirm(id, epoch, database.write(session -> session.update(byAttempt(set), bound)));
  }

  private void note(JobId id, long epoch, String set, @Nullable Object... values) {
    @Nullable Object[] bound = bound(id, epoch, values);
    confirm(id, epoch, database.note(session -> session.update(byAttempt(set), bound)));
  }

  private static String byAttempt(String set) {
    return "update rolehost_jobs set changed = ?, " + set + OF_THIS_ATTEMPT;
  }

  private @Nullable Object[] bound(JobId id, long epoch, @Nullable Object... values) {
    List<@Nullable Object> bound = new ArrayList<>(List.of(clock.millis()));
    Collections.addAll(bound, values);
    bound.add(id.value());
    bound.add(epoch);
    return bound.toArray();
  }

  private static void confirm(JobId id, long epoch, int changed) {
    if (changed == 0) {
      throw stale(id, epoch);
    }
  }

  private static StaleFenceException stale(JobId id, long epoch) {
    return new StaleFenceException(
        "Attempt with epoch "
            + epoch
            + " no longer owns job "
            + id
            + ": another attempt has taken it over, or it has ended. Nothing was written.");
  }

  private static JobStatus status(ResultSet row) throws SQLException {
    long keptUntil = row.getLong("kept_until");
    boolean kept = !row.wasNull();
    return new JobStatus(
        new JobId(row.getString("id")),
        row.getString("type"),
        row.getString("queue"),
        JobStatus.State.valueOf(row.getString("state")),
        row.getInt("attempts"),
        new JobStatus.Progress(row.getLong("done"), row.getLong("total"), row.getString("told")),
        Optional.ofNullable(row.getString("result")),
        Optional.ofNullable(row.getString("failure")),
        Instant.ofEpochMilli(row.getLong("submitted")),
        Instant.ofEpochMilli(row.getLong("changed")),
        kept ? Optional.of(Instant.ofEpochMilli(keptUntil)) : Optional.empty());
  }
}
