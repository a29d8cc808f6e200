package io.rolehost.freeze.postgres;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.Driver;

/**
 * A real server of a test's own, in a folder of its own, on a free port, with a password. The
 * server refuses to be root, so a test that is becomes {@code postgres} for it.
 */
final class PostgresServer {

  static final String PASSWORD = "s3cret-of-the-test";

  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  private final Path programs;
  private final Path folder;
  private final int port;

  private PostgresServer(Path programs, Path folder, int port) {
    this.programs = programs;
    this.folder = folder;
    this.port = port;
  }

  /** Returns where the server's programs are; empty if it is not installed. */
  static Optional<Path> programs() throws IOException {
    List<Path> folders = new ArrayList<>();
    if (Files.isDirectory(DEBIAN)) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(DEBIAN)) {
        versions.forEach(version -> folders.add(version.resolve("bin")));
      }
    }
    for (String entry : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      folders.add(Path.of(entry));
    }
    return folders.stream()
        .filter(each -> Files.isExecutable(each.resolve("initdb")))
        .filter(each -> Files.isExecutable(each.resolve("pg_ctl")))
        .findFirst();
  }

  /** Starts a server, or skips the test where none is installed. */
  static PostgresServer createOrSkip() throws Exception {
    Optional<Path> programs = programs();
    Assumptions.assumeTrue(
        programs.isPresent(), "the PostgreSQL server is not installed: apt-get install postgresql");
    return create(programs.get());
  }

  /** Makes a cluster and starts it. */
  static PostgresServer create(Path programs) throws Exception {
    Path folder = Files.createTempDirectory("rolehost-postgres-");
    Files.writeString(folder.resolve("password"), PASSWORD);
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    PostgresServer server = new PostgresServer(programs, folder, port);
    if (isRoot()) {
      run(List.of("chown", "-R", "postgres", folder.toString()));
    }
    server.asPostgres(
        "initdb",
        "--pgdata=" + server.data(),
        "--username=postgres",
        "--auth=scram-sha-256",
        "--pwfile=" + folder.resolve("password"),
        "--encoding=UTF8",
        "--no-locale",
        "--no-sync");
    server.start();
    return server;
  }

  void start() throws Exception {
    asPostgres(
        "pg_ctl",
        "start",
        "-w",
        "-s",
        "-D",
        data(),
        "-l",
        folder.resolve("log").toString(),
        "-o",
        "-p " + port + " -k " + folder + " -c listen_addresses=127.0.0.1 -c fsync=off");
  }

  /** Ends it as a crash does: without a word to those who are connected. */
  void kill() throws Exception {
    asPostgres("pg_ctl", "stop", "-w", "-s", "-m", "immediate", "-D", data());
  }

  boolean running() {
    return Files.exists(Path.of(data(), "postmaster.pid"));
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  /** Returns the block for a source that reads {@code table}. */
  Config settings(String table) {
    return ConfigFactory.parseMap(
        Map.of(
            "url",
            url(),
            "user",
            "postgres",
            "password",
            PASSWORD,
            "table",
            table,
            // So that what is seen at once was seen by the notification.
            "poll",
            "60s"));
  }

  /** Runs a statement, as an administrator would in psql. */
  void execute(String sql) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("password", PASSWORD);
    try (Connection connection = Objects.requireNonNull(new Driver().connect(url(), properties));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Ends it and forgets everything. */
  void delete() throws Exception {
    if (running()) {
      kill();
    }
    run(List.of("rm", "-rf", folder.toString()));
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private void asPostgres(String program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    run(command);
  }

  private static boolean isRoot() {
    return System.getProperty("user.name", "").equals("root");
  }

  private static void run(List<String> command) throws Exception {
    Path output = Files.createTempFile("rolehost-command-", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile()) // not a pipe: the server would keep it open
              .start();
      if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException(
            String.join(" ", command) + " failed: " + Files.readString(output).strip());
      }
    } finally {
      Files.delete(output);
    }
  }
}
