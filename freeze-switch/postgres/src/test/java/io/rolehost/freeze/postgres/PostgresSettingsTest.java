package io.rolehost.freeze.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.rolehost.freeze.FreezeSources;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PostgresSettingsTest {

  private static final String URL = "jdbc:postgresql://db:5433/fleet";

  @Test
  void of_urlAlone_hasTheDefaults() {
    assertEquals(
        Optional.of(
            new PostgresSettings(
                URL,
                URL,
                Optional.empty(),
                Optional.empty(),
                "rolehost_freeze",
                Duration.ofSeconds(5))),
        read("url = \"" + URL + "\""));
  }

  @Test
  void of_noUrl_isSwitchedOff() {
    assertEquals(Optional.empty(), read("password = x"));
    assertEquals(Optional.empty(), read("url = \"\""));
    assertEquals(
        List.of(),
        FreezeSources.configured(
            ConfigFactory.parseString("rolehost.freeze { postgres.url = null, auto.for = 1m }")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url = \"mysql://db/x?password=hush\" | rolehost.freeze.postgres.url is 'mysql://db/x'",
        "url = \"jdbc:postgresql://me:hush@db:x/y\" | .url is 'jdbc:postgresql://***@db:x/y'",
        "url = \"U\", table = Freeze | rolehost.freeze.postgres.table is 'Freeze'",
        "url = \"U\", table = \"a;b\" | rolehost.freeze.postgres.table is 'a;b'",
        "url = \"U\", poll = 1ms | rolehost.freeze.postgres.poll is '1ms'",
        "url = \"U\", poll = soon | rolehost.freeze.postgres.poll is 'soon'",
        "url = \"U\", user = [a] | rolehost.freeze.postgres.user must be a text",
        "url = \"U\", tabel = a | rolehost.freeze.postgres.tabel is no key; there are [password"
      })
  void of_wrong_saysWhichKeyAndNoSecret(String block, String said) {
    String message =
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class,
                    () -> read(block.replace("\"U\"", "\"" + URL + "\"")))
                .getMessage());
    assertTrue(message.contains(said), message);
    assertTrue(!message.contains("hush"), message);
  }

  @Test
  void properties_limitsInTheUrl_goFirst() {
    PostgresSettings settings =
        read("url = \"" + URL + "?socketTimeout=30\", user = me, password = hush").orElseThrow();
    assertEquals(URL, settings.shown());
    assertEquals(
        java.util.Map.of(
            "user", "me",
            "password", "hush",
            "connectTimeout", "2",
            "tcpKeepAlive", "true",
            "ApplicationName", "rolehost-freeze"),
        settings.properties());
  }

  @Test
  void words_serverIsGone_namesTheUrlAndWhatToDo() {
    assertEquals(
        "The table rolehost_freeze in "
            + URL
            + " can't be read: Connection refused. See whether the server runs and can be reached"
            + " from here",
        Words.failure(
            "read",
            read("url = \"" + URL + "\"").orElseThrow(),
            new SQLException("Connection\n  refused.", "08001")));
  }

  @Test
  void reconnect_failures_doubleToALimitAndSpread() {
    assertEquals(50_000_000, Reconnect.nanos(1, 0));
    assertEquals(100_000_000, Reconnect.nanos(1, 1));
    assertEquals(400_000_000, Reconnect.nanos(3, 1));
    assertEquals(5_000_000_000L, Reconnect.nanos(1_000, 1));
  }

  private static Optional<PostgresSettings> read(String block) {
    return PostgresSettings.of(ConfigFactory.parseString(block));
  }
}
