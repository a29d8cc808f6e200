package io.rolehost.jobs.ledger;

import io.rolehost.jobs.JobsUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The clock of a database server, by which machines agree whose own clocks are apart. It is asked
 * from time to time; in between, and while it is away, the own clock goes on from what it said.
 */
final class ServerClock implements InstantSource {

  private static final Duration ASKED_EVERY = Duration.ofSeconds(30);

  private final Database database;
  private final InstantSource own;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile long ahead;
  private volatile long askedAt = System.nanoTime() - ASKED_EVERY.toNanos();

  ServerClock(Database database, InstantSource own) {
    this.database = database;
    this.own = own;
  }

  @Override
  public Instant instant() {
    if (System.nanoTime() - askedAt >= ASKED_EVERY.toNanos() && asking.compareAndSet(false, true)) {
      try {
        ask();
      } finally {
        askedAt = System.nanoTime();
        asking.set(false);
      }
    }
    return own.instant().plusMillis(ahead);
  }

  private void ask() {
    try {
      ahead =
          database.read(session -> {
            long before = own.millis();
            long server =
                session
                    .first(
                        "select (extract(epoch from clock_timestamp()) * 1000)::bigint",
                        row -> row.getLong(1))
                    .orElseThrow();
            return server - (before + own.millis()) / 2;
          });
    } catch (JobsUnavailableException away) {
      // What it said before still holds, but for the drift of a clock in the meantime.
    }
  }
}
