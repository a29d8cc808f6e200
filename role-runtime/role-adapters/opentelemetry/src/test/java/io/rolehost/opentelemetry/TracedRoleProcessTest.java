package io.rolehost.opentelemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.StopContext;
import io.rolehost.api.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A real host with an SDK that is configured as a user does it. */
@EnabledOnOs({OS.LINUX, OS.MAC})
final class TracedRoleProcessTest {

  private static final long PATIENCE_SECONDS = 60;

  @TempDir Path folder;

  /** Has one task, and makes a span in its last moment. */
  public static final class Traced implements Role {
    @Override
    public boolean onStart(RoleContext context) {
      var _ = context.tasks().start(Task.named("waiting").body(task -> task.stopToken().await()));
      return true;
    }

    @Override
    public void onStop(StopContext context) {
      GlobalOpenTelemetry.getTracer("role").spanBuilder("last words").startSpan().end();
    }
  }

  @Test
  void life_ofARealHost_reachesTheExporter() throws Exception {
    Path spans = folder.resolve("spans");
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dotel.java.global-autoconfigure.enabled=true",
                "-Dotel.traces.exporter=file-of-test",
                "-Dotel.metrics.exporter=none",
                "-Dotel.logs.exporter=none",
                "-Dtest.spans=" + spans,
                "-Drolehost.role.class=" + Traced.class.getName(),
                "-Drolehost.role.name=traced",
                "-Drolehost.profile=azure",
                "-Drolehost.state-dir=" + folder.resolve("state"),
                "-Drolehost.management.port=0",
                "-Drolehost.stop.grace=20s",
                "-cp",
                System.getProperty("java.class.path"),
                "io.rolehost.runtime.RoleHost")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
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
    List<String> names = Files.readAllLines(spans);
    assertTrue(
        names.containsAll(
            List.of("start", "task waiting", "last words", "stop ON_STOP", "stop WORK", "stop")),
        names::toString);
  }
}
