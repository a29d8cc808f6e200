package io.rolehost.jobs.ledger;

import java.time.InstantSource;
import javax.sql.DataSource;

/** The ledger in a database. */
final class SqlLedger implements Ledger {

  private final Database database;
  private final InstantSource clock;
  private final SqlJobRecords jobs;
  private final SqlKeys keys;
  private final SqlTicks ticks;
  private final SqlScheduleRows schedules;
  private final SqlReceipts receipts;
  private final SqlPauses pauses;

  SqlLedger(LedgerSettings settings, InstantSource clock) {
    this.database = new Database(settings);
    this.clock =
        switch (database.dialect()) {
          case SQLITE -> clock;
          case POSTGRESQL -> new ServerClock(database, clock);
        };
    this.jobs = new SqlJobRecords(database, clock);
    this.keys = new SqlKeys(database, clock);
    this.ticks = new SqlTicks(database, clock);
    this.schedules = new SqlScheduleRows(database, clock);
    this.receipts = new SqlReceipts(database, clock);
    this.pauses = new SqlPauses(database, clock);
  }

  @Override
  public JobRecords jobs() {
    return jobs;
  }

  @Override
  public Checkpoints checkpoints() {
    return jobs;
  }

  @Override
  public Keys keys() {
    return keys;
  }

  @Override
  public Ticks ticks() {
    return ticks;
  }

  @Override
  public ScheduleRows schedules() {
    return schedules;
  }

  @Override
  public Receipts receipts() {
    return receipts;
  }

  @Override
  public Pauses pauses() {
    return pauses;
  }

  @Override
  public DataSource dataSource() {
    return database.writers();
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  @Override
  public boolean shared() {
    return database.dialect() == Dialect.POSTGRESQL;
  }

  @Override
  public boolean purge() {
    return jobs.purge() || keys.purge() || ticks.purge();
  }

  @Override
  public void close() {
    database.close();
  }
}
