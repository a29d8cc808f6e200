package io.rolehost.cli;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.control.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb on this very machine. */
final class DoctorTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void doctor_whereAPortIsTaken_saysByWhomAndEndsWith75() throws IOException {
    FakeJars.write(folder, "web.jar");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path solution =
          solution(
              """
              roles { web {
                jar = web.jar
                env { ROLEHOST_ENDPOINTS_HTTP_PORT = "%d" }
              } }
              """
                  .formatted(taken.getLocalPort()));
      Files.writeString(folder.resolve("web-0.aot"), "of another build");

      Said said = doctor(solution);

      assertEquals(75, said.code(), said.out());
      String out = said.out();
      assertTrue(out.contains("fail  port " + taken.getLocalPort()), out);
      assertTrue(out.contains("process " + ProcessHandle.current().pid() + " has it"), out);
      assertTrue(out.contains("warn  jar "), out);
      assertTrue(out.contains("ok    java "), out);
      // A temporary folder is one, be it in memory or on a disk.
      assertTrue(out.contains("warn  state lasts"), out);
    }
  }

  @Test
  void doctor_ofAWrongSolution_saysAllAndEndsWith78() throws IOException {
    Path solution = solution("roles { web { jar = none.jar }, w { } }\nrolehost { profil = dev }");
    Said said = doctor(solution);
    assertEquals(78, said.code(), said.out());
    for (String problem : List.of("none.jar", "needs one of: jar", "rolehost.profil")) {
      assertTrue(
          said.out().lines().anyMatch(l -> l.startsWith("fail  solution") && l.contains(problem)),
          said.out());
    }
  }

  @Test
  void doctor_withJson_tellsEachCheck() throws IOException {
    Files.writeString(Files.createDirectory(folder.resolve("state")).resolve("freeze.conf"), "{");
    Said said = Said.by("doctor", "--json", "--state-dir", folder.resolve("state").toString());
    Map<String, Object> answer = Json.read(said.out());
    assertEquals(false, answer.get("ok"));
    assertEquals(75, said.code());
    List<?> checks = (List<?>) requireNonNull(answer.get("checks"));
    Map<?, ?> freeze =
        checks.stream()
            .map(check -> (Map<?, ?>) check)
            .filter(check -> "freeze".equals(check.get("check")))
            .findFirst()
            .orElseThrow();
    assertEquals("fail", freeze.get("result"));
    assertTrue(String.valueOf(freeze.get("says")).contains("freeze.conf"), freeze.toString());
  }

  private Said doctor(Path solution) {
    return Said.by(
        "doctor", solution.toString(), "--state-dir", folder.resolve("state").toString());
  }

  private Path solution(String text) throws IOException {
    return Files.writeString(folder.resolve("solution.conf"), text);
  }
}
