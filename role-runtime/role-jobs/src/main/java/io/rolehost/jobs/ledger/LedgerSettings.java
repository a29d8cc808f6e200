package io.rolehost.jobs.ledger;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the ledger is.
 *
 * @param url {@code jdbc:sqlite:…} or {@code jdbc:postgresql:…}; may hold a password, so {@link
 *     #shown()} is what messages have
 * @param user empty for SQLite
 * @param password empty for SQLite; never shown
 * @param timeout how long a call may wait for the database
 * @param connections most of them to a server; a file has always one that writes
 */
public record LedgerSettings(
    String url, String user, String password, Duration timeout, int connections) {

  /** A file of this machine; its folder is made. */
  public static LedgerSettings file(Path file) {
    return new LedgerSettings("jdbc:sqlite:" + file, "", "", Duration.ofSeconds(10), 4);
  }

  /** A PostgreSQL server, whose driver is on the class path. */
  public static LedgerSettings server(String url, String user, String password) {
    return new LedgerSettings(url, user, password, Duration.ofSeconds(10), 8);
  }

  /** Returns the URL without its parameters, and without a user before the host. */
  public String shown() {
    return shown(url);
  }

  /** Returns a URL as {@link #shown()} does. */
  public static String shown(String url) {
    int parameters = url.indexOf('?');
    String plain = parameters < 0 ? url : url.substring(0, parameters);
    int user = plain.lastIndexOf('@');
    int host = plain.indexOf("//");
    return user < 0 || host < 0 ? plain : plain.substring(0, host + 2) + plain.substring(user + 1);
  }

  @Override
  public String toString() {
    return "LedgerSettings[url=" + shown() + ", user=" + user + "]";
  }
}
