package io.rolehost.freeze.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A role as a whole process, held by a row of a real server. */
final class HeldByTableProcessTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern PORT = Pattern.compile("management plane on http://[^:]+:(\\d+)");
  private static final String STARTED = "EVENT onStart";

  private static PostgresServer server;

  @TempDir private Path folder;

  /** Says that its code ran. */
  public static final class Told implements Role {

    /** For the host. */
    public Told() {}

    @Override
    public boolean onStart(RoleContext context) {
      System.out.println(STARTED);
      return true;
    }
  }

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

  @Test
  void row_holdsTheStart_overALossOfTheServer_untilItIsDeleted() throws Exception {
    try (PostgresSource operator =
        new PostgresSource(
            PostgresSettings.of(server.settings("held")).orElseThrow(), InstantSource.system())) {
      var _ = operator.answer(); // makes the table
    }
    server.execute("INSERT INTO held (scope, reason, owner) VALUES ('role:told', 'INC-7', 'ana')");
    Process role = start();
    try {
      String held = await(status -> status.contains("\"state\":\"HELD\""));
      assertTrue(held.contains("\"reason\":\"INC-7\""), held);
      assertFalse(held.contains("stale since"), held);

      server.kill();
      String stale = await(status -> status.contains("stale since"));
      assertTrue(stale.contains("\"state\":\"HELD\""), stale);
      assertTrue(stale.contains("\"reason\":\"INC-7\""), stale);

      server.start();
      String live = await(status -> !status.contains("stale since"));
      assertTrue(live.contains("\"state\":\"HELD\""), live);
      assertFalse(output().contains(STARTED), output());

      server.execute("DELETE FROM held; NOTIFY held");
      var _ = await(status -> status.contains("\"state\":\"READY\""));
      assertTrue(output().contains(STARTED), output());

      // What works goes on, and keeps what it was told.
      server.execute("INSERT INTO held (scope, reason) VALUES ('*', 'INC-8'); NOTIFY held");
      String working = await(status -> status.contains("\"reason\":\"INC-8\""));
      assertTrue(working.contains("\"state\":\"READY\""), working);
      role.destroy();
      assertTrue(role.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), this::output);
      assertEquals(0, role.exitValue(), this::output);
    } finally {
      role.destroyForcibly();
    }
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Drolehost.role.class=" + Told.class.getName(),
                "-Drolehost.role.name=told",
                "-Drolehost.profile=azure",
                "-Drolehost.management.port=0",
                "-Drolehost.stop.drain.min=0s",
                "-Drolehost.state-dir=" + folder.resolve("state"),
                "-Drolehost.freeze.postgres.url=" + server.url(),
                "-Drolehost.freeze.postgres.user=postgres",
                "-Drolehost.freeze.postgres.table=held",
                // So that what is seen at once was seen by the notification.
                "-Drolehost.freeze.postgres.poll=60s",
                "-cp",
                System.getProperty("java.class.path"),
                "io.rolehost.runtime.RoleHost")
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(folder.resolve("output").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLEHOST_"));
    builder.environment().put("ROLEHOST_FREEZE_POSTGRES_PASSWORD", PostgresServer.PASSWORD);
    return builder.start();
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output"));
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Waits for a status, and returns it. */
  private String await(Predicate<String> wanted) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    String status = "";
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (System.nanoTime() - end < 0) {
        status = status(client);
        if (!status.isEmpty() && wanted.test(status)) {
          return status;
        }
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    }
    throw new AssertionError(
        "waited in vain; the status is " + status + "\nand the process said:\n" + output());
  }

  private String status(HttpClient client) throws InterruptedException {
    Matcher port = PORT.matcher(output());
    if (!port.find()) {
      return "";
    }
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.group(1) + "/status"))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return "";
    }
  }
}
