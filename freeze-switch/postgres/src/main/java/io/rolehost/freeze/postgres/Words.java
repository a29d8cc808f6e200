package io.rolehost.freeze.postgres;

import java.sql.BatchUpdateException;
import java.sql.SQLException;

/** What is said to people when the server fails: pure. */
final class Words {

  private Words() {}

  /**
   * Returns a sentence with the URL and without a secret.
   *
   * @param done what could not be: {@code read} or {@code written}
   */
  static String failure(String done, PostgresSettings settings, Exception failed) {
    SQLException inBatch =
        failed instanceof BatchUpdateException batch ? batch.getNextException() : null;
    Exception told = inBatch == null ? failed : inBatch; // the batch's own quotes all values
    String said = String.valueOf(told.getMessage()).strip().replaceAll("\\s+", " ");
    String hint = told instanceof SQLException sql ? hint(String.valueOf(sql.getSQLState())) : "";
    return "The table "
        + settings.table()
        + " in "
        + settings.shown()
        + " can't be "
        + done
        + ": "
        + (said.endsWith(".") ? said.substring(0, said.length() - 1) : said)
        + hint;
  }

  private static String hint(String state) {
    return switch (state) {
      case "08001", "08004", "08006", "57P01", "57P02", "57P03" ->
          ". See whether the server runs and can be reached from here";
      case "28000", "28P01" ->
          ". See rolehost.freeze.postgres.user and rolehost.freeze.postgres.password";
      case "3D000" -> ". Create the database, or correct rolehost.freeze.postgres.url";
      case "42501" ->
          ". An administrator has to grant that, or to make the table; docs/freeze-postgres.md has"
              + " the statements";
      case "3F000" -> ". Create the schema, or correct rolehost.freeze.postgres.table";
      case "42703" ->
          ". The table is not as docs/freeze-postgres.md says; add the column, or name another by"
              + " rolehost.freeze.postgres.table";
      case "55P03" -> ". Another session holds the table locked; pg_stat_activity shows which";
      default -> "";
    };
  }
}
