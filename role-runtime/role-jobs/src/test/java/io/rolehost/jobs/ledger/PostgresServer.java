package io.rolehost.jobs.ledger;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real server of one test, with a password; root becomes {@code postgres} for it. */
public final class PostgresServer {

  private static final String PASSWORD = "of-the-test";

  private final Path programs;
  private final Path folder;
  private final int port;

  private PostgresServer(Path programs, Path folder, int port) {
    this.programs = programs;
    this.folder = folder;
    this.port = port;
  }

  /** Starts a server, or skips the test where none is installed. */
  public static PostgresServer startOrSkip() throws Exception {
    Optional<Path> programs = programs();
    Assumptions.assumeTrue(
        programs.isPresent(), "the PostgreSQL server is not installed: apt-get install postgresql");
    Path folder = Files.createTempDirectory("rolehost-ledger-");
    Files.writeString(folder.resolve("password"), PASSWORD);
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    PostgresServer server = new PostgresServer(programs.get(), folder, port);
    if (isRoot()) {
      run(List.of("chown", "-R", "postgres", folder.toString()));
    }
    server.run(
        "initdb",
        "--pgdata=" + server.data(),
        "--username=postgres",
        "--auth=scram-sha-256",
        "--pwfile=" + folder.resolve("password"),
        "--no-locale",
        "--encoding=UTF8",
        "--no-sync");
    server.start();
    return server;
  }

  /** Starts it again after {@link #crash}. */
  public void start() throws Exception {
    String options = "-p " + port + " -k " + folder + " -c listen_addresses=127.0.0.1 -c fsync=off";
    run("pg_ctl", "start", "-w", "-s", "-D", data(), "-l", folder + "/log", "-o", options);
  }

  /** Ends it without a word to those who are connected. */
  public void crash() throws Exception {
    run("pg_ctl", "stop", "-w", "-s", "-m", "immediate", "-D", data());
  }

  /** Returns settings for a ledger of its own in a schema of its own. */
  public LedgerSettings ledger() {
    return LedgerSettings.server(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", PASSWORD);
  }

  /** Ends it and forgets everything. */
  public void delete() throws Exception {
    if (Files.exists(Path.of(data(), "postmaster.pid"))) {
      crash();
    }
    run(List.of("rm", "-rf", folder.toString()));
  }

  private static Optional<Path> programs() throws IOException {
    List<Path> folders = new ArrayList<>();
    Path debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (Stream<Path> versions = Files.list(debian)) {
        versions.forEach(version -> folders.add(version.resolve("bin")));
      }
    }
    Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .map(Path::of)
        .forEach(folders::add);
    return folders.stream()
        .filter(each -> Files.isExecutable(each.resolve("initdb")))
        .filter(each -> Files.isExecutable(each.resolve("pg_ctl")))
        .findFirst();
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private void run(String program, String... arguments) throws Exception {
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
              .redirectOutput(output.toFile()) // a pipe would be kept open by the server
              .start();
      if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + ": " + Files.readString(output));
      }
    } finally {
      Files.delete(output);
    }
  }
}
