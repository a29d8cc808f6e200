package io.rolehost.freeze.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeSource;
import io.rolehost.freeze.FreezeSources;
import io.rolehost.freeze.FreezeStore;
import io.rolehost.freeze.FreezeStoreContract;
import io.rolehost.freeze.Scope;
import io.rolehost.freeze.SourceAnswer;
import io.rolehost.freeze.SourceAnswer.Knowledge;
import io.rolehost.freeze.command.FreezeSwitchMain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table keeps the contract, against a real server that is killed and started again. */
final class PostgresSourceProcessTest extends FreezeStoreContract {

  private static final AtomicInteger TABLES = new AtomicInteger();

  private static PostgresServer server;

  private final String table = "freeze_" + TABLES.incrementAndGet();

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.createOrSkip();
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.delete();
    }
  }

  @BeforeEach
  void ensureRunning() throws Exception {
    if (!server.running()) {
      server.start(); // a test that failed may have left it killed
    }
  }

  @Override
  protected FreezeStore open() {
    return source(server.settings(table));
  }

  @Override
  protected void breakPlace() throws Exception {
    server.kill();
  }

  @Override
  protected void repairPlace() throws Exception {
    server.start();
  }

  @Test
  void row_byHandWithScopeAndReason_isSeenAtItsNotification() throws Exception {
    assertEquals(SourceAnswer.known(List.of()), source().answer());
    server.execute(
        "INSERT INTO %1$s (scope, reason) VALUES ('role:web', 'by hand'); NOTIFY %1$s"
            .formatted(table));
    SourceAnswer answer = await(found -> !found.freezes().isEmpty());
    Freeze freeze = answer.freezes().getFirst();
    assertEquals(
        Freeze.of(freeze.id(), new Scope.Role("web"), "postgres", "by hand", freeze.since()),
        freeze);
  }

  @Test
  void row_withoutANotification_isSeenByThePoll() throws Exception {
    try (FreezeSource polling =
        source(ConfigFactory.parseString("poll = 100ms").withFallback(server.settings(table)))) {
      assertEquals(SourceAnswer.known(List.of()), polling.answer());
      server.execute("INSERT INTO " + table + " (scope, reason) VALUES ('*', 'by hand')");
      long end = System.nanoTime() + 30_000_000_000L;
      while (polling.lastKnown().freezes().isEmpty() && System.nanoTime() - end < 0) {
        Thread.onSpinWait();
      }
      assertEquals(1, polling.lastKnown().freezes().size());
    }
  }

  @Test
  void row_thatIsNoFreeze_isRefusedByTheTable() {
    assertEquals(SourceAnswer.known(List.of()), source().answer());
    for (String values : List.of("'rolle:web', 'x'", "'role:', 'x'", "'*', ' '")) {
      assertThrows(
          java.sql.SQLException.class,
          () -> server.execute("INSERT INTO " + table + " (scope, reason) VALUES (" + values + ")"),
          values);
    }
  }

  @Test
  void reader_thatMayOnlySelect_reads() throws Exception {
    set(true);
    String reader = table + "_reader";
    server.execute(
        "CREATE ROLE %1$s LOGIN PASSWORD 'r'; GRANT SELECT ON %2$s TO %1$s"
            .formatted(reader, table));
    Config settings =
        ConfigFactory.parseString("user = " + reader + ", password = r")
            .withFallback(server.settings(table));
    try (FreezeStore readOnly = source(settings)) {
      assertEquals(1, readOnly.answer().freezes().size());
      IOException refused =
          assertThrows(
              IOException.class,
              () ->
                  readOnly.put(
                      Freeze.of("f2", new Scope.All(), "ana", "not mine to say", Instant.now())));
      assertEquals(
          "Nothing was stored. The table "
              + table
              + " in "
              + server.url()
              + " can't be written: ERROR: permission denied for table "
              + table
              + ". An administrator has to grant that, or to make the table;"
              + " docs/freeze-postgres.md has the statements",
          refused.getMessage());
    }
  }

  @Test
  void password_wrong_isSaidWithoutIt() {
    Config wrong =
        ConfigFactory.parseString("password = never-shown").withFallback(server.settings(table));
    try (FreezeSource source = source(wrong)) {
      SourceAnswer answer = source.answer();
      assertEquals(List.of(), answer.freezes());
      assertInstanceOf(Knowledge.Unknown.class, answer.knowledge());
      String said = answer.knowledge().problem().orElseThrow();
      assertFalse(said.contains("never-shown"), said);
      assertTrue(said.contains(server.url()), said);
      assertTrue(said.contains("rolehost.freeze.postgres.password"), said);
    }
  }

  @Test
  void answer_serverIsSilent_isWaitedForOnceAndBounded() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        FreezeSource source =
            source(
                ConfigFactory.parseString(
                    "url = \"jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/x\""))) {
      long begun = System.nanoTime();
      assertInstanceOf(Knowledge.Unknown.class, source.answer().knowledge());
      long first = System.nanoTime();
      assertTrue(first - begun >= PostgresSource.PATIENCE.toNanos());
      assertInstanceOf(Knowledge.Unknown.class, source.answer().knowledge());
      assertTrue(System.nanoTime() - first < PostgresSource.PATIENCE.toNanos());
    }
  }

  @Test
  void configured_byTheWholeConfiguration_isFoundOnTheClassPath() throws Exception {
    set(true);
    List<FreezeSource> sources =
        FreezeSources.configured(server.settings(table).atPath("rolehost.freeze.postgres"));
    assertEquals(1, sources.size());
    try (FreezeSource found = sources.getFirst()) {
      assertEquals("freeze table " + table + " in " + server.url(), found.name());
      assertEquals(1, found.answer().freezes().size());
    }
  }

  @Test
  void command_namesTheSource_freezesShowsAndUnfreezes(@TempDir Path folder) throws Exception {
    Path config = folder.resolve("fleet.conf");
    Files.writeString(
        config, server.settings(table).atPath("rolehost.freeze.postgres").root().render());
    String where = "freeze table " + table + " in " + server.url();
    assertEquals("Not frozen by " + where, command(config, "status"));
    String frozen = command(config, "on", "role:web", "--reason", "INC-7", "--owner", "ana");
    assertTrue(frozen.startsWith("Frozen: role:web by ana since "), frozen);
    assertTrue(frozen.endsWith("Stored in " + where), frozen);
    assertEquals("INC-7", source().answer().freezes().getFirst().reason());
    String ended = command(config, "off", "role:web");
    assertTrue(ended.startsWith("Ended: role:web by ana since "), ended);
    var _ = await(answer -> answer.freezes().isEmpty());
  }

  private static String command(Path config, String... words) {
    List<String> line = new ArrayList<>(List.of(words));
    line.addAll(List.of("--source", "postgres", "--config", config.toString()));
    StringWriter out = new StringWriter();
    int code =
        FreezeSwitchMain.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute(line.toArray(String[]::new));
    assertEquals(0, code, out::toString);
    return out.toString().strip();
  }

  private static FreezeStore source(Config settings) {
    return new PostgresSource(PostgresSettings.of(settings).orElseThrow(), InstantSource.system());
  }
}
