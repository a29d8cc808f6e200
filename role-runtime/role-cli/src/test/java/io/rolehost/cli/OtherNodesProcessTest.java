package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.solution.Solution;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that want the same ports. */
final class OtherNodesProcessTest {

  @TempDir private Path home = Path.of("");
  private Path blue = Path.of("");
  private Path green = Path.of("");

  @BeforeEach
  void makeFolders() throws IOException {
    blue = Files.createDirectory(home.toRealPath().resolve("blue"));
    green = Files.createDirectory(home.toRealPath().resolve("green"));
  }

  private static Path solution(Path folder, int management, int endpoint) throws IOException {
    return Files.writeString(
        folder.resolve("solution.conf"),
        """
        rolehost { profile = azure, management.port = %d, state-dir = "%s" }
        roles { web { command = [sleep, 999], instances = 2, endpoints.http.port = %d } }
        """
            .formatted(management, folder.resolve("state"), endpoint));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void doctor_besideANodeThatRuns_namesThePortsThatBothWant() throws Exception {
    int management = freePort();
    int endpoint = freePort();
    Path _ = solution(blue, management, endpoint);
    // Its second instance would have the port of the other's first.
    Path mine = solution(green, management, endpoint - 1);
    try (RunningNode node =
        RunningNode.start(blue, Map.of("ROLEHOST_MANAGEMENT_PORT", "" + management))) {
      var _ = node.await(0, "web_IN_1 ready");

      Said said = Said.by("doctor", mine.toString());
      assertEquals(78, said.code(), said.out());
      String other = "process " + node.handle().pid() + ", of " + blue.resolve("solution.conf");
      assertTrue(
          said.out()
              .contains(
                  "two nodes want it: this one for its management plane, and "
                      + other
                      + " for its management plane. Only one of them can run: set"
                      + " rolehost.management.port of this one"),
          said.out());
      assertTrue(
          said.out()
              .contains(
                  "two nodes want it: this one for endpoint http of web_IN_1, and "
                      + other
                      + " for endpoint http of web_IN_0"),
          said.out());

      Said own = Said.by("doctor", blue.resolve("solution.conf").toString());
      assertTrue(!own.out().contains("two nodes"), own.out());
    }
  }

  @Test
  void units_ofNodes_areLookedAtToo() throws Exception {
    Path file = solution(blue, 8081, 8070);
    Path units = Files.createDirectory(home.resolve("units"));
    Files.writeString(
        units.resolve("blue.service"),
        "[Service]\nWorkingDirectory=%s\nExecStart=/usr/bin/rolehost up\n".formatted(blue));
    Files.writeString(
        units.resolve("other.service"), "[Service]\nExecStart=/bin/sleep up\nthis is no line\n");
    Files.writeString(
        units.resolve("mine.service"),
        "[Service]\nExecStart=/usr/bin/rolehost up %s/solution.conf\n".formatted(green));
    Solution own = read(solution(green, 8090, 8081));

    List<PortClaims> others = OtherNodes.ofUnits(own, units);
    assertEquals(
        List.of("unit blue.service, of " + file), others.stream().map(PortClaims::node).toList());
    List<Finding> findings = PortClaims.of("this node", own).beside(others);
    assertEquals(1, findings.size());
    assertTrue(
        findings
            .getFirst()
            .line()
            .startsWith(
                "fail  port 8081        two nodes want it: this one for endpoint http of web_IN_0"),
        findings.getFirst()::line);
    Solution apart = read(solution(green, 8090, 8083));
    assertTrue(
        PortClaims.of("this node", apart)
            .beside(others)
            .getFirst()
            .line()
            .startsWith("ok    other nodes      want none of the ports of this one: unit blue"));
  }

  @Test
  void solution_ofACommandLine_isThatBehindUp() {
    Path folder = Path.of("/srv/a");
    assertEquals(
        Optional.of(Path.of("/srv/a/b.conf")),
        OtherNodes.solution(
            List.of("java", "-jar", "/opt/rolehost.jar", "up", "--state-dir", "x", "b.conf"),
            folder));
    assertEquals(
        Optional.of(Path.of("/srv/a/solution.conf")),
        OtherNodes.solution(List.of("java", "-cp", "x", "io.rolehost.cli.Main", "up"), folder));
    assertEquals(
        Optional.empty(),
        OtherNodes.solution(List.of("java", "-jar", "/opt/rolehost.jar", "status"), folder));
    assertEquals(
        Optional.empty(), OtherNodes.solution(List.of("vim", "rolehost.jar", "up"), folder));
  }

  private Solution read(Path file) throws Exception {
    return SolutionReader.read(file, new Surroundings(Map.of(), Map.of(), home, false, 1));
  }
}
