package io.rolehost.freeze.postgres;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Where the table is, and how it is read.
 *
 * @param url of JDBC; may hold a password, so it is never shown
 * @param shown the URL without its parameters, for people
 * @param user empty = as the URL says, else the login name
 * @param password empty = as the URL says, else the driver's own ways ({@code .pgpass})
 * @param table its name, perhaps with a schema; safe in SQL as it is
 * @param poll how often it is read although no notification came
 */
record PostgresSettings(
    String url,
    String shown,
    Optional<String> user,
    Optional<String> password,
    String table,
    Duration poll) {

  private static final String ROOT = "rolehost.freeze.postgres";
  private static final String PREFIX = "jdbc:postgresql:";
  private static final String DEFAULT_TABLE = "rolehost_freeze";

  /** Long enough that a thousand instances cost a server nothing, short enough to wait for. */
  private static final Duration DEFAULT_POLL = Duration.ofSeconds(5);

  private static final Duration SHORTEST_POLL = Duration.ofMillis(100);
  private static final Duration LONGEST_POLL = Duration.ofMinutes(5);
  private static final Set<String> KEYS = Set.of("url", "user", "password", "table", "poll");

  /** Folded to lower case by the server, so nothing else needs to be quoted; its limit is 63. */
  private static final Pattern TABLE =
      Pattern.compile("([a-z_][a-z0-9_]{0,30}\\.)?[a-z_][a-z0-9_]{0,30}");

  /** Without a limit a server that is gone would hold the reader for minutes; in seconds. */
  private static final Map<String, String> LIMITS =
      Map.of(
          "connectTimeout", "2",
          "socketTimeout", "5",
          "tcpKeepAlive", "true",
          "ApplicationName", "rolehost-freeze");

  /**
   * Reads and checks the block.
   *
   * @return empty if no URL is set
   * @throws IllegalArgumentException saying which key is wrong, without a secret
   */
  static Optional<PostgresSettings> of(Config block) {
    for (Map.Entry<String, com.typesafe.config.ConfigValue> entry : block.entrySet()) {
      if (!KEYS.contains(entry.getKey())) {
        throw new IllegalArgumentException(
            ROOT + "." + entry.getKey() + " is no key; there are " + new TreeSet<>(KEYS));
      }
    }
    String url = text(block, "url").orElse("");
    if (url.isEmpty()) {
      return Optional.empty();
    }
    String shown = shown(url);
    if (!url.startsWith(PREFIX) || Driver.parseURL(url, null) == null) {
      throw new IllegalArgumentException(
          ROOT
              + ".url is '"
              + shown
              + "'; expected jdbc:postgresql://HOST:PORT/DATABASE, with user and password in keys"
              + " of their own");
    }
    String table = text(block, "table").orElse(DEFAULT_TABLE);
    if (!TABLE.matcher(table).matches()) {
      throw new IllegalArgumentException(
          ROOT
              + ".table is '"
              + table
              + "'; expected NAME or SCHEMA.NAME of at most 31 lower case letters, digits and"
              + " underscores each");
    }
    return Optional.of(
        new PostgresSettings(
            url, shown, text(block, "user"), text(block, "password"), table, poll(block)));
  }

  /** Returns what the driver is given beside the URL; what the URL says itself goes first. */
  Properties properties() {
    Properties properties = new Properties();
    @Nullable Properties said = Driver.parseURL(url, null);
    LIMITS.forEach((key, value) -> {
      if (said == null || !said.containsKey(key)) {
        properties.setProperty(key, value);
      }
    });
    user.ifPresent(name -> properties.setProperty("user", name));
    password.ifPresent(secret -> properties.setProperty("password", secret));
    return properties;
  }

  /** Returns the name of the notifications. */
  String channel() {
    return table.replace('.', '_');
  }

  /** Hides nothing but the parameters, and a user's part, which this driver does not know. */
  private static String shown(String url) {
    int parameters = url.indexOf('?');
    String shown = parameters < 0 ? url : url.substring(0, parameters);
    int user = shown.lastIndexOf('@');
    int host = shown.indexOf("//");
    return user < 0
        ? shown
        : (host < 0 ? "" : shown.substring(0, host + 2)) + "***" + shown.substring(user);
  }

  private static Optional<String> text(Config block, String key) {
    if (!block.hasPath(key)) {
      return Optional.empty();
    }
    try {
      return Optional.of(block.getString(key)).filter(text -> !text.isEmpty());
    } catch (ConfigException.WrongType wrong) {
      throw new IllegalArgumentException(
          ConfigUtil.joinPath("rolehost", "freeze", "postgres", key) + " must be a text", wrong);
    }
  }

  private static Duration poll(Config block) {
    if (!block.hasPath("poll")) {
      return DEFAULT_POLL;
    }
    String found = block.getValue("poll").unwrapped().toString();
    try {
      Duration poll = block.getDuration("poll");
      if (poll.compareTo(SHORTEST_POLL) >= 0 && poll.compareTo(LONGEST_POLL) <= 0) {
        return poll;
      }
    } catch (ConfigException notOne) {
      // falls to the message below
    }
    throw new IllegalArgumentException(
        ROOT + ".poll is '" + found + "'; expected a duration from 100ms to 5m, such as 5s");
  }
}
