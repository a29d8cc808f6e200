package io.rolehost.samples.consolidated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it is deployed. */
class FatJarProcessTest {
  @TempDir Path home;

  @Test
  void jar_startedAndAskedToStop_worksAndEndsWithZero() throws Exception {
    Path log = home.resolve("out.log");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-Drolehost.profile=azure",
                    "-Drolehost.management.port=0",
                    "-jar",
                    Path.of("target/consolidated-worker.jar").toAbsolutePath().toString()))
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(new File(log.toString()))
            .start();
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!worked(log)) {
        assertTrue(process.isAlive() && System.nanoTime() < end, () -> said(log));
        boolean _ = process.waitFor(20, TimeUnit.MILLISECONDS);
      }
      process.destroy();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> said(log));
      assertEquals(0, process.exitValue(), () -> said(log));
      assertTrue( // a file is no terminal
          said(log).lines().anyMatch(line -> line.startsWith("{") && line.contains("-> READY")),
          () -> said(log));
    } finally {
      var _ = process.destroyForcibly();
    }
  }

  private static boolean worked(Path log) {
    String said = said(log);
    return said.contains("Orders are worked off")
        && said.contains("Reports are written")
        && said.contains("-> READY");
  }

  private static String said(Path log) {
    try {
      return Files.readString(log);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}
