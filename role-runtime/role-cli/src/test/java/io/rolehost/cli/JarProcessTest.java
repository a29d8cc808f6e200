package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rolehost.node.control.LocalHttp;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it is packed: what a class path of tests has, it may lack. */
final class JarProcessTest {

  @TempDir Path folder;

  @Test
  void up_byTheJarAlone_runsAProgramAndServesItsPlane() throws Exception {
    Path jar = Path.of("target", "rolehost.jar").toAbsolutePath();
    assumeTrue(Files.isRegularFile(jar), "not packed yet; mvn verify runs this test behind it");
    Path _ =
        Files.writeString(
            folder.resolve("solution.conf"),
            """
            roles { sleeper { command = [sleep, 1000] } }
            rolehost { profile = azure, management.port = 0 }
            """);
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                jar.toString(),
                "up")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLEHOST_"));
    Process node = builder.start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(node.getInputStream(), UTF_8))) {
      StringBuilder said = new StringBuilder();
      String line = out.readLine();
      while (line != null && !line.contains("sleeper_IN_0 ready")) {
        said.append(line).append('\n');
        line = out.readLine();
      }
      assertTrue(line != null, said::toString);

      Path port = folder.resolve(".rolehost").resolve("run").resolve("node.port");
      LocalHttp plane =
          LocalHttp.to(Integer.parseInt(Files.readString(port).strip()), Duration.ofSeconds(30));
      for (String path : List.of("/livez", "/readyz", "/status", "/metrics", "/explain", "/")) {
        assertEquals(200, plane.get(path).status(), path);
      }

      node.toHandle().destroy();
      assertTrue(node.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, node.exitValue());
    } finally {
      node.destroyForcibly();
    }
  }
}
