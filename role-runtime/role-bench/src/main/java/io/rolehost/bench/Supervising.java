package io.rolehost.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A supervisor that runs photo-web, as its own documentation has it. */
final class Supervising implements AutoCloseable {

  /** Which one. */
  enum Kind {
    NODE("rolehost up"),
    NODE_WITHOUT_CACHE("rolehost up, no start-up cache"),
    NODE_WITH_SPARE("rolehost up, hot spare"),
    SUPERVISORD("supervisord"),
    RUNIT("runit"),
    S6("s6");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }

    /** Returns whether its program is installed. */
    boolean isHere() {
      return switch (this) {
        case NODE, NODE_WITHOUT_CACHE, NODE_WITH_SPARE -> true;
        case SUPERVISORD -> Files.isExecutable(Path.of("/usr/bin/supervisord"));
        case RUNIT -> Files.isExecutable(Path.of("/usr/bin/runsv"));
        case S6 -> Files.isExecutable(Path.of("/usr/bin/s6-supervise"));
      };
    }
  }

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final Path state;

  private Supervising(Process process, Path state) {
    this.process = process;
    this.state = state;
  }

  /** Starts it in an empty folder. */
  static Supervising start(Kind kind, Path root, String java, Path work, int port)
      throws IOException {
    Path folder = Files.createTempDirectory(work, "node-");
    Path jar = root.resolve("sample-roles/photo-web/target/photo-web.jar");
    Path state = folder.resolve("state");
    Map<String, String> environment =
        Map.of(
            "ROLEHOST_PROFILE",
            "azure",
            "ROLEHOST_STATE_DIR",
            state.toString(),
            "ROLEHOST_MANAGEMENT_PORT",
            "0",
            "ROLEHOST_FREEZE_AUTO_ENABLED",
            "false", // each round is a kill
            "ROLEHOST_ENDPOINTS_HTTP_PORT",
            Integer.toString(port));
    List<String> command =
        switch (kind) {
          case NODE -> node(root, java, folder, solution(jar, state, port, true, false));
          case NODE_WITHOUT_CACHE ->
              node(root, java, folder, solution(jar, state, port, false, false));
          case NODE_WITH_SPARE -> node(root, java, folder, solution(jar, state, port, true, true));
          case SUPERVISORD -> {
            Path file = folder.resolve("supervisord.conf");
            Files.writeString(
                file,
                """
                [supervisord]
                nodaemon=true
                logfile=%1$s/supervisord.log
                pidfile=%1$s/supervisord.pid
                [program:photo-web]
                command=%2$s -jar %3$s
                directory=%1$s
                autorestart=true
                """
                    .formatted(folder, java, jar));
            yield List.of("/usr/bin/supervisord", "-c", file.toString());
          }
          case RUNIT -> List.of("/usr/bin/runsv", script(folder, java, jar));
          case S6 -> List.of("/usr/bin/s6-supervise", script(folder, java, jar));
        };
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLEHOST_"));
    if (!command.contains("up")) {
      builder.environment().putAll(environment);
    }
    return new Supervising(builder.start(), state);
  }

  /** Returns the words that start a node in a folder. */
  static List<String> node(Path root, String java, Path folder, String solution)
      throws IOException {
    Files.writeString(folder.resolve("solution.conf"), solution);
    return rolehost(root, java, "up");
  }

  /** Returns the words by which {@code bin/rolehost} starts the command. */
  static List<String> rolehost(Path root, String java, String... words) {
    Path target = root.resolve("role-runtime/role-cli/target");
    Path cache = target.resolve("rolehost.aot");
    List<String> all =
        new ArrayList<>(
            List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xms16m",
                "-Xmx256m",
                Files.exists(cache) ? "-XX:AOTCache=" + cache : "-Xshare:auto",
                "-jar",
                target.resolve("rolehost.jar").toString()));
    all.addAll(List.of(words));
    return all;
  }

  private static String solution(Path jar, Path state, int port, boolean aot, boolean spare) {
    return """
    roles.photo-web {
      jar = "%s", hot-spare = %s
      env { ROLEHOST_ENDPOINTS_HTTP_PORT = "%d" }
      back-off.reset-after = 1s   # each round is the first failure
    }
    rolehost { profile = azure, management.port = 0, state-dir = "%s", aot = %s, freeze.auto.enabled = false }
    """
        .formatted(jar, spare, port, state, aot);
  }

  private static String script(Path folder, String java, Path jar) throws IOException {
    Path service = Files.createDirectory(folder.resolve("service"));
    Path run = service.resolve("run");
    Files.writeString(run, "#!/bin/sh\nexec " + java + " -jar " + jar + "\n");
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
    return service.toString();
  }

  /** Returns the process id of the instance. */
  long pid() throws IOException {
    return Long.parseLong(Files.readString(state.resolve("run/photo-web_IN_0.pid")).strip());
  }

  /** Waits until what a supervisor prepares for the next failure is there. */
  void awaitPrepared(Kind kind) throws IOException {
    if (kind == Kind.NODE_WITH_SPARE) {
      await("a spare", () -> Files.exists(state.resolve("run/photo-web_IN_0.standby.pid")));
    } else if (kind == Kind.NODE) {
      await(
          "a start-up cache",
          () -> {
            String[] files = state.resolve("aot").toFile().list((_, name) -> name.endsWith(".aot"));
            return files != null && files.length > 0;
          });
    }
    // Each of them waits with a restart where the last one is less than a second or two ago.
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(4));
  }

  static void await(String what, BooleanSupplier condition) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IOException("waited in vain for " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  long supervisor() {
    return process.pid();
  }

  @Override
  public void close() {
    List<ProcessHandle> below = process.descendants().toList();
    process.destroy();
    if (process.onExit().orTimeout(30, TimeUnit.SECONDS).handle((_, e) -> e != null).join()) {
      process.destroyForcibly();
    }
    below.forEach(ProcessHandle::destroyForcibly); // runsv leaves its service running
  }
}
