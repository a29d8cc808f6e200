package io.rolehost.jobs.artemis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The password of a ledger's server, looked for wherever a role tells of itself. */
@Timeout(300)
final class LedgerPasswordProcessTest {

  private static final String PASSWORD = "canary-l3dger-c41d";

  @TempDir Path folder;

  private final List<String> shown = new ArrayList<>();

  @Test
  void password_ofALedgerThatDoesNotAnswer_isNowhereButInItsFile() throws Exception {
    Path secret = Files.writeString(folder.resolve("ledger.password"), PASSWORD + "\n");
    int closed;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = free.getLocalPort();
    }
    String ledger = "jdbc:postgresql://127.0.0.1:" + closed + "/jobs";
    lookAt(ledger, secret, "SEGV");
    // The crash file of the JVM has its arguments and parts of its environment.
    assertFalse(files(file -> file.toString().contains("hs_err")).isEmpty());
    lookAt(ledger, secret, "TERM");
    assertTrue(shown.stream().anyMatch(text -> text.contains(ledger)), shown.toString());
    for (String text : shown) {
      assertFalse(text.contains(PASSWORD), text);
    }
    assertEquals(
        List.of(secret),
        files(file -> {
          try {
            return Files.readString(file, ISO_8859_1).contains(PASSWORD);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        }));
  }

  private void lookAt(String ledger, Path secret, String end) throws Exception {
    try (JobsProcess role =
        JobsProcess.start(
            "worker",
            LedgerlessRole.class,
            folder,
            "rolehost.log.to=file",
            "rolehost.jobs.ledger.url=" + ledger,
            "rolehost.jobs.ledger.user=anna",
            "rolehost.jobs.ledger.password-file=" + secret,
            "rolehost.jobs.ledger.wait=300ms")) {
      role.awaitOutput("The ledger " + ledger + " could not be ");
      for (String path :
          List.of(
              "/",
              "/status",
              "/explain",
              "/events",
              "/freeze",
              "/metrics",
              "/timeline",
              "/threads",
              "/log",
              "/incidents",
              "/operations/jobs?show=queues")) {
        shown.add(get(path));
      }
      role.signal(end);
      int code = role.exitCode();
      assertEquals(end.equals("TERM") ? 0 : 134, code, role.output());
      shown.add(role.output());
    }
  }

  private String get(String path) throws Exception {
    String port = Files.readString(folder.resolve("state/run/worker_IN_0.port")).strip();
    String token = Files.readString(folder.resolve("state/run/worker_IN_0.token")).strip();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                  .header("Authorization", "Bearer " + token)
                  .header("Accept", "application/json")
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      boolean operation = path.startsWith("/operations/");
      assertTrue(operation || answer.statusCode() == 200, path + ": " + answer.body());
      return answer.body();
    }
  }

  private List<Path> files(Predicate<Path> wanted) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).filter(wanted).toList();
    }
  }
}
