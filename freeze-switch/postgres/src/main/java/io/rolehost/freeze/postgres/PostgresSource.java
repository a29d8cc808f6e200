package io.rolehost.freeze.postgres;

import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeStore;
import io.rolehost.freeze.SourceAnswer;
import io.rolehost.freeze.SourceAnswer.Knowledge;
import io.rolehost.freeze.Watchers;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * The freezes of a fleet, in one table of a PostgreSQL server. One thread with one connection
 * listens for notifications and reads the table at each, and also every few seconds, should one
 * have been lost. While the server is gone the last known answer counts, and the thread tries
 * again. Writing takes a connection of its own for that moment.
 *
 * <p>What was never read freezes nothing: an instance must be able to start while the database is
 * down. Making a source starts nothing; the thread begins with the first {@link #answer} or {@link
 * #watch}.
 */
final class PostgresSource implements FreezeStore {

  /** How long the first answer is waited for, and a writer waits for its own reader. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private final PostgresSettings settings;
  private final FreezeTable table;
  private final InstantSource time;
  private final SplittableRandom chance = new SplittableRandom(); // the reader's
  private final Watchers watchers = new Watchers();
  private final CountDownLatch told = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, CountDownLatch> written = new ConcurrentHashMap<>();
  private volatile SourceAnswer last;
  private volatile @Nullable Connection listening;
  private boolean started; // guarded by this

  PostgresSource(PostgresSettings settings, InstantSource time) {
    this.settings = settings;
    this.table = new FreezeTable(settings.table(), settings.channel());
    this.time = time;
    this.last =
        new SourceAnswer(
            List.of(), new Knowledge.Unknown(settings.shown() + " has not answered yet"));
  }

  @Override
  public String name() {
    return "freeze table " + settings.table() + " in " + settings.shown();
  }

  @Override
  public SourceAnswer answer() {
    start();
    try {
      if (!told.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        told.countDown(); // only once: the next check must not wait again
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    return last;
  }

  @Override
  public SourceAnswer lastKnown() {
    return last;
  }

  @Override
  public Watch watch(Runnable changed) {
    Watch handle = watchers.add(changed);
    start();
    return handle;
  }

  @Override
  public List<Freeze> change(UnaryOperator<List<Freeze>> change) throws IOException {
    String notice = UUID.randomUUID().toString();
    CountDownLatch heard = new CountDownLatch(1);
    written.put(notice, heard);
    try {
      FreezeTable.Changed changed = store(change, notice);
      if (!remembered(changed.stored()) && changed.notified()) {
        // So that who asks next hears what was just written. It is stored in any case.
        var _ = heard.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      }
      return changed.stored();
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      throw new IOException(
          "It is stored in " + name() + ", but the wait for it to be seen was interrupted", hurry);
    } finally {
      written.remove(notice);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    told.countDown();
    watchers.clear();
    Connection open = listening;
    if (open != null) {
      try {
        open.abort(Runnable::run); // the reader waits in it, and nothing else would wake it
      } catch (SQLException gone) {
        // Then there is nothing to wake it from.
      }
    }
  }

  private FreezeTable.Changed store(UnaryOperator<List<Freeze>> change, String notice)
      throws IOException {
    boolean committing = false;
    try (Connection connection = connect()) {
      table.createIfAbsent(connection);
      FreezeTable.Changed changed = table.change(connection, change, time.instant(), notice);
      if (changed.notified()) {
        committing = true;
        connection.commit();
        committing = false;
      }
      return changed;
    } catch (SQLException failed) {
      throw new IOException(
          (committing
                  ? "It is not known whether this was stored; see by the status. "
                  : "Nothing was stored. ")
              + Words.failure("written", settings, failed),
          failed);
    }
  }

  /** Without a reader what was just stored is all that is known. */
  private synchronized boolean remembered(List<Freeze> stored) {
    if (!started) {
      last = SourceAnswer.known(stored);
    }
    return !started;
  }

  private synchronized void start() {
    if (!started && closed.getCount() > 0) {
      started = true;
      Thread.ofPlatform().daemon().name("freeze-postgres").start(this::readUntilClosed);
    }
  }

  private void readUntilClosed() {
    int failures = 0;
    while (closed.getCount() > 0) {
      try (Connection connection = connect()) {
        listening = connection;
        table.createIfAbsent(connection);
        table.listen(connection); // before the first reading, or a change between would be missed
        Set<String> heard = Set.of();
        while (closed.getCount() > 0) {
          tell(SourceAnswer.known(table.read(connection)));
          failures = 0;
          acknowledge(heard);
          heard = table.await(connection, settings.poll());
        }
      } catch (SQLException | RuntimeException failed) {
        failures++;
        tell(last.failed(time.instant(), Words.failure("read", settings, failed)));
      } finally {
        listening = null;
      }
      try {
        var _ = closed.await(Reconnect.nanos(failures, chance.nextDouble()), TimeUnit.NANOSECONDS);
      } catch (InterruptedException nobodyShould) {
        return;
      }
    }
  }

  private void acknowledge(Set<String> heard) {
    for (String notice : heard) {
      CountDownLatch writer = written.get(notice);
      if (writer != null) {
        writer.countDown();
      }
    }
  }

  private void tell(SourceAnswer answer) {
    boolean changed = !answer.equals(last);
    if (closed.getCount() > 0) {
      last = answer;
      told.countDown();
      if (changed) {
        watchers.tell(name());
      }
    }
  }

  private Connection connect() throws SQLException {
    // Not by DriverManager, which asks which class loader calls.
    Connection connection = new Driver().connect(settings.url(), settings.properties());
    if (connection == null) {
      throw new SQLException("the driver does not take this URL");
    }
    return connection;
  }
}
