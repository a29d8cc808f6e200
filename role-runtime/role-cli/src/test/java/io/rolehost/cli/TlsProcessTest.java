package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.control.LocalHttp;
import io.rolehost.node.control.RunFile;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line before a node, and before a lone host, that speak TLS and want a read token. */
final class TlsProcessTest {
  private static final String READ = "r3ad-tls";
  private static final String TASKED = SchemaProcessTest.Tasked.class.getName();

  @TempDir private static Path keys = Path.of("");
  private static HttpClient browser = HttpClient.newHttpClient();

  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void makeKey() throws Exception {
    PlaneKey key = PlaneKey.make(keys);
    browser = HttpClient.newBuilder().sslContext(key.trusting()).build();
  }

  private static HttpResponse<String> ask(int port, String path, Optional<String> token)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
            .timeout(Duration.ofSeconds(60));
    token.ifPresent(shown -> request.header("Authorization", "Bearer " + shown));
    return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void lookAtPage(int port, String token, String instance) throws Exception {
    String locked = ask(port, "/", Optional.empty()).body();
    assertTrue(locked.contains("Looking needs a token here"), locked);
    assertFalse(locked.contains(instance), locked);
    assertTrue(ask(port, "/", Optional.of(token)).body().contains(instance));
    assertEquals(200, ask(port, "/page/page.js", Optional.empty()).statusCode());
    assertEquals(401, ask(port, "/status", Optional.empty()).statusCode());
  }

  @Test
  void node_byTls_isAskedByEveryVerb_andServesItsPage() throws Exception {
    String classPath =
        String.join(
            ",",
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> "\"" + entry + "\"")
                .toList());
    Files.writeString(
        folder.resolve("solution.conf"),
        """
        roles.web {
          class-path = [%s]
          jvm-options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "-Drolehost.role.class=%s", "-Drolehost.management.read-token=%s"]
        }
        rolehost {
          profile = azure, aot = false, freeze.auto.enabled = false
          management { tls { certificate = "%s", key = "%s" }, read-token = "%s" }
        }
        """
            .formatted(
                classPath, TASKED, READ, PlaneKey.certificate(keys), PlaneKey.key(keys), READ));
    try (RunningNode node = RunningNode.start(folder)) {
      var _ = node.await(0, "web_IN_0 ready ");
      int port =
          Integer.parseInt(Files.readString(folder.resolve(".rolehost/run/node.port")).strip());
      lookAtPage(port, READ, "web_IN_0");
      for (List<String> verb :
          List.of(
              List.of("status"),
              List.of("explain"),
              List.of("events"),
              List.of("task", "restart", "web_IN_0", "wait"),
              List.of("freeze", "--reason", "INC-7", "--wait", "--timeout", "60s"),
              List.of("unfreeze", "--wait", "--timeout", "60s"))) {
        Said said = node.verb(verb.toArray(String[]::new));
        assertEquals(0, said.code(), verb + " " + said);
        assertFalse(said.out().contains("does not answer"), verb + " " + said);
        assertFalse(said.out().contains("Unauthorized"), verb + " " + said);
      }
      int mark = node.mark();
      assertEquals(0, node.verb("restart", "web").code());
      var _ = node.await(mark, "web_IN_0 ready ");
      assertEquals(0, node.verb("stop", "--wait").code());
      assertEquals(0, node.exitCode());
    }
  }

  @Test
  void loneHost_byTls_isAskedByEveryVerb_andServesItsPage() throws Exception {
    Path state = folder.resolve("state");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Drolehost.role.class=" + TASKED,
                "-Drolehost.role.name=test",
                "-Drolehost.profile=azure",
                "-Drolehost.management.port=0",
                "-Drolehost.management.read-token=" + READ,
                "-Drolehost.management.tls.certificate=" + PlaneKey.certificate(keys),
                "-Drolehost.management.tls.key=" + PlaneKey.key(keys),
                "-Drolehost.state-dir=" + state,
                "-cp",
                System.getProperty("java.class.path"),
                "io.rolehost.runtime.RoleHost")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLEHOST_"));
    Process host = builder.start();
    try {
      RunFile file = awaitReady(state);
      lookAtPage(file.port(), READ, "test_IN_0");
      assertEquals("production", SwapSides.sideOf(state, status(file)));
      for (List<String> verb :
          List.of(
              List.of("status"),
              List.of("explain"),
              List.of("task", "restart", "test_IN_0", "wait"),
              List.of("freeze", "--reason", "INC-7", "--wait", "--timeout", "60s"),
              List.of("unfreeze", "--wait", "--timeout", "60s"))) {
        Said said = lone(state, verb);
        assertEquals(0, said.code(), verb + " " + said);
        boolean named =
            said.out().contains("test_IN_0") || verb.contains("explain") || verb.contains("task");
        assertTrue(named, verb + " " + said);
      }
      Said jobs = lone(state, List.of("jobs", "queues"));
      assertTrue(jobs.err().startsWith("test_IN_0 runs, but does no background work"), jobs.err());
    } finally {
      host.destroyForcibly();
    }
  }

  private static Said lone(Path state, List<String> verb) {
    return Said.by(
        Stream.concat(verb.stream(), Stream.of("--state-dir", state.toString()))
            .toArray(String[]::new));
  }

  private static Map<String, Object> status(RunFile file) {
    return Map.of("instance", "test_IN_0", "managementPort", file.port());
  }

  private RunFile awaitReady(Path state) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      Optional<RunFile> file = RunFile.read(state, "test_IN_0");
      if (file.isPresent()) {
        LocalHttp plane = file.get().plane(Duration.ofSeconds(5));
        try {
          if (plane.get("/readyz").status() == 200) {
            return file.get();
          }
        } catch (IOException notYet) {
          // its run files come one after another
        }
      }
      assertTrue(System.nanoTime() - end < 0, Files.readString(folder.resolve("out")));
      assertFalse(new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS));
    }
  }
}
