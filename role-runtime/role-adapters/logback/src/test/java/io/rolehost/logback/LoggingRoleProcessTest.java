package io.rolehost.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Restart;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.StopContext;
import io.rolehost.api.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** A real host whose role logs through SLF4J. */
@EnabledOnOs({OS.LINUX, OS.MAC})
final class LoggingRoleProcessTest {

  private static final long PATIENCE_SECONDS = 60;
  private static final String SECRET = "hunter2-do-not-print";

  @TempDir Path folder;

  /** Logs at each step, on a task's thread too. */
  public static final class Logging implements Role {

    private static final Logger LOG = LoggerFactory.getLogger("role");

    @Override
    public boolean onStart(RoleContext context) throws InterruptedException {
      LOG.info("onStart {}", context.instance().id());
      LOG.debug("below the threshold");
      CountDownLatch logged = new CountDownLatch(1);
      var _ =
          context
              .tasks()
              .start(
                  Task.named("resize")
                      .body(task -> {
                        try (MDC.MDCCloseable _ = MDC.putCloseable("tenant", "acme")) {
                          LOG.warn("in {}", MDC.get("task"), new IllegalStateException("odd"));
                        }
                        logged.countDown();
                      })
                      .restart(Restart.TRANSIENT));
      logged.await();
      return true;
    }

    @Override
    public void onStop(StopContext context) {
      LOG.info("last words");
    }
  }

  @Test
  void linesOfTheRole_asText_lookLikeThoseOfTheHostAndAreFlushedLast() throws Exception {
    List<String> lines = runToItsEnd("text");
    assertTrue(lines.stream().anyMatch(line -> line.endsWith("Z INFO  role onStart logging_IN_0")));
    assertTrue(lines.stream().anyMatch(line -> line.endsWith("Z WARN  role [resize#1] in resize")));
    assertTrue(lines.contains("    java.lang.IllegalStateException: odd"), lines::toString);
    assertTrue(lines.stream().anyMatch(line -> line.endsWith("Z INFO  role last words")));
    assertFalse(lines.stream().anyMatch(line -> line.contains("below the threshold")));
    assertTrue(lines.getLast().contains("Stopped with exit code 0"), lines::toString);
    try (Stream<Path> files = Files.list(folder.resolve("state/log"))) {
      List<String> inFile = Files.readAllLines(files.findFirst().orElseThrow());
      assertTrue(inFile.stream().anyMatch(line -> line.endsWith("Z INFO  role last words")));
    }
  }

  @Test
  void linesOfTheRole_asJson_sayInstanceStartAndTask() throws Exception {
    List<String> lines = runToItsEnd("json");
    String ofTask =
        lines.stream().filter(line -> line.contains("\"in resize\"")).findFirst().orElseThrow();
    for (String field :
        List.of(
            "\"log.level\":\"WARN\"",
            "\"log.logger\":\"role\"",
            "\"service.name\":\"logging\"",
            "\"service.node.name\":\"logging_IN_0\"",
            "\"rolehost.start\":1",
            "\"rolehost.task\":\"resize\"",
            "\"rolehost.attempt\":1",
            "\"labels\":{\"tenant\":\"acme\"}",
            "\"error.type\":\"java.lang.IllegalStateException\"")) {
      assertTrue(ofTask.contains(field), () -> field + " is not in " + ofTask);
    }
    for (String line : lines) {
      assertTrue(line.startsWith("{\"@timestamp\":\"") && line.endsWith("}"), line);
    }
  }

  @Test
  void secretSettings_areInNothingThatIsWritten() throws Exception {
    List<String> lines =
        runToItsEnd(
            "text",
            "-Drolehost.management.token=" + SECRET,
            "-Ddb.password=" + SECRET,
            "-Drolehost.log.level=debug");
    assertFalse(String.join("\n", lines).contains(SECRET));
    try (Stream<Path> files = Files.walk(folder.resolve("state"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        boolean token = String.valueOf(file.getFileName()).endsWith(".token"); // 0600, for commands
        assertTrue(token || !Files.readString(file).contains(SECRET), file::toString);
      }
    }
  }

  private List<String> runToItsEnd(String format, String... options)
      throws IOException, InterruptedException {
    Path log = folder.resolve("out");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Drolehost.role.class=" + Logging.class.getName(),
            "-Drolehost.role.name=logging",
            "-Drolehost.profile=azure",
            "-Drolehost.log.format=" + format,
            "-Drolehost.state-dir=" + folder.resolve("state"),
            "-Drolehost.management.port=0",
            "-Drolehost.stop.grace=20s"));
    command.addAll(List.of(options));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "io.rolehost.runtime.RoleHost"));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLEHOST_"));
    Process host = builder.start();
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!Files.readString(log).contains("-> READY")) {
        assertTrue(host.isAlive() && System.nanoTime() - end < 0, Files.readString(log));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
      host.destroy(); // TERM
      assertTrue(host.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), Files.readString(log));
      assertEquals(0, host.exitValue(), Files.readString(log));
    } finally {
      host.destroyForcibly();
    }
    return Files.readAllLines(log);
  }
}
