package io.rolehost.jobs.ledger;

/** Removes what is over in small bites, so that nobody waits long for its turn to write. */
final class Bites {

  private Bites() {}

  /**
   * Removes at most {@code bite} rows; looks first, since to look blocks nobody.
   *
   * @param key the columns of the primary key
   * @return whether there may be more
   */
  static boolean take(Database database, String table, String key, long now, int bite) {
    boolean some =
        database.read(session ->
            session
                .first("select 1 from " + table + " where kept_until < ? limit 1", row -> true, now)
                .isPresent());
    if (!some) {
      return false;
    }
    String sql =
        "delete from %1$s where (%2$s) in (select %2$s from %1$s where kept_until < ? limit %3$d)"
            .formatted(table, key, bite);
    return database.write(session -> session.update(sql, now)) == bite;
  }
}
