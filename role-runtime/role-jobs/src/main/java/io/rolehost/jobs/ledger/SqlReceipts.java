package io.rolehost.jobs.ledger;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Receipts, by trigger and path. */
final class SqlReceipts implements Receipts {

  private final Database database;
  private final InstantSource clock;

  SqlReceipts(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Optional<String> find(String trigger, String path) {
    return database.read(session ->
        session.first(
            "select version from rolehost_receipts where origin = ? and path = ?",
            row -> row.getString(1),
            trigger,
            path));
  }

  @Override
  public Map<String, String> all(String trigger) {
    Map<String, String> versions = new HashMap<>();
    database.read(session ->
        session.query(
            "select path, version from rolehost_receipts where origin = ?",
            row -> versions.put(row.getString(1), row.getString(2)) == null,
            trigger));
    return versions;
  }

  @Override
  public void write(String trigger, String path, String version) {
    database.note(session ->
        session.update(
            """
            insert into rolehost_receipts (origin, path, version) values (?, ?, ?)
            on conflict (origin, path) do update set version = excluded.version, missing_since = null
            """,
            trigger,
            path,
            version));
  }

  @Override
  public void retain(String trigger, Set<String> paths, Duration unseen) {
    long now = clock.millis();
    List<String> gone = new ArrayList<>();
    List<String> back = new ArrayList<>();
    database.read(session ->
        session.query(
            "select path, missing_since from rolehost_receipts where origin = ?",
            row -> {
              String path = row.getString(1);
              row.getLong(2);
              boolean missing = !row.wasNull();
              if (missing == paths.contains(path)) {
                (missing ? back : gone).add(path);
              }
              return true;
            },
            trigger));
    mark(trigger, gone, now);
    mark(trigger, back, null);
    long before = now - unseen.toMillis();
    boolean over =
        database.read(session ->
            session
                .first(
                    "select 1 from rolehost_receipts where origin = ? and missing_since <= ? limit"
                        + " 1",
                    row -> true,
                    trigger,
                    before)
                .isPresent());
    if (over) {
      database.write(session ->
          session.update(
              "delete from rolehost_receipts where origin = ? and missing_since <= ?",
              trigger,
              before));
    }
  }

  private void mark(String trigger, List<String> paths, @Nullable Long since) {
    if (paths.isEmpty()) {
      return;
    }
    database.note(session -> {
      int marked = 0;
      for (String path : paths) {
        marked +=
            session.update(
                "update rolehost_receipts set missing_since = ? where origin = ? and path = ?",
                since,
                trigger,
                path);
      }
      return marked;
    });
  }
}
