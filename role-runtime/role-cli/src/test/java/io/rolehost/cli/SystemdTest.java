package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rolehost.node.control.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb that writes units, and the doctor that reads them. */
final class SystemdTest {
  private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void writeSolution() throws IOException {
    FakeJars.write(folder, "web.jar", "crew.jar");
    solution("");
  }

  private void solution(String ofWeb) throws IOException {
    Files.writeString(
        folder.resolve("solution.conf"),
        """
        roles {
          web {
            jar = web.jar
            env { ROLEHOST_ENDPOINTS_HTTP_PORT = "18080", GREETING = "hello you" }
            %s
          }
          crew { jar = crew.jar, instances = 2, jvm-options = ["-Drolehost.stop.grace=40s"] }
          idle { jar = crew.jar }
          proxy { command = [haproxy] }
        }
        """
            .formatted(ofWeb));
  }

  @Test
  void everyKindOfUnit_isAcceptedBySystemdItself() throws Exception {
    assumeTrue(Files.isExecutable(ANALYZE), "systemd-analyze is not installed here");
    Path units = folder.resolve("units");
    String solution = folder.resolve("solution.conf").toString();
    String jar = folder.resolve("web.jar").toString();
    for (String[] words :
        new String[][] {
          {solution, "--node", "--name", "photos"},
          {solution, "--node", "--name", "photos-as", "--user", "root"},
          {solution, "--role", "crew"},
          {solution, "--role", "web", "--name", "listening", "--socket"},
          {jar, "--name", "alone"},
          {jar, "--name", "nightly", "--timer", "Mon..Fri 03:00"}
        }) {
      List<String> all = new ArrayList<>(List.of("systemd", "--output", units.toString()));
      all.addAll(List.of(words));
      Said said = Said.by(all.toArray(String[]::new));
      assertEquals(0, said.code(), said.err() + said.out());
    }
    List<String> command = new ArrayList<>(List.of(ANALYZE.toString(), "--man=no", "verify"));
    try (Stream<Path> written = Files.list(units)) {
      written
          .map(Path::toString)
          .map(unit -> unit.replace("@.service", "@0.service"))
          .sorted()
          .forEach(command::add);
    }
    assertEquals(11, command.size(), command.toString());
    Process verify = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // It also looks at units of this machine that ours come after.
    List<String> about = said.lines().filter(line -> line.contains(units.toString())).toList();
    assertEquals(List.of(), about);
    assertEquals(0, verify.waitFor(), said);
  }

  @Test
  void unitOfANode_isProvedByTheDoctor_andNoLongerWhenARoleTakesMore() throws Exception {
    Said wrote = systemd("--node", "--name", "photos", "--output", folder.toString());
    assertEquals(0, wrote.code(), wrote.err());
    Path unit = folder.resolve("photos.service");
    Said proved = Said.by("doctor", "--unit", unit.toString());
    assertEquals(0, proved.code(), proved.out());

    solution("jvm-options = [\"-Drolehost.start.timeout=20m\"]");

    Said refused = Said.by("doctor", "--unit", unit.toString(), "--json");
    assertEquals(78, refused.code(), refused.out());
    Map<String, Object> answer = Json.read(refused.out());
    assertEquals(false, answer.get("ok"));
    Map<?, ?> failed =
        ((List<?>) answer.getOrDefault("proofs", List.of()))
            .stream()
                .map(proof -> (Map<?, ?>) proof)
                .filter(proof -> "fail".equals(proof.get("result")))
                .findFirst()
                .orElseThrow();
    assertEquals("start", failed.get("check"));
    // 2 x 20 min, 20 s for its JVM, 20 s for the node's.
    assertEquals("2440000", String.valueOf(failed.get("needsMillis")));
  }

  @Test
  void unitOfANode_whoseSolutionIsGone_isNoneThatCanBeProved() throws Exception {
    assertEquals(0, systemd("--node", "--name", "photos", "--output", folder.toString()).code());
    Files.delete(folder.resolve("solution.conf"));
    Said said = Said.by("doctor", "--unit", folder.resolve("photos.service").toString());
    assertEquals(78, said.code(), said.out());
    assertTrue(said.err().contains("There is no solution"), said.err());
  }

  @Test
  void roleThatTheNodeWouldKillTooEarly_isRefusedWithTheNumbers() throws Exception {
    solution("stop-grace = 10s");
    Said said = systemd("--node");
    assertEquals(78, said.code(), said.out());
    assertTrue(
        said.err().contains("fail  node's kill  90 s     10 s     web is killed by the node"),
        said.err());
    assertTrue(said.err().contains("-> Set stop-grace = 90s in the solution"), said.err());
  }

  @Test
  void limitsThatSomebodyGives_andDoNotFit_areRefusedAndNothingIsWritten() {
    Path units = folder.resolve("units");
    Said said =
        systemd(
            "--role",
            "crew",
            "--timeout-stop",
            "30s",
            "--watchdog",
            "1s",
            "--output",
            units.toString());
    assertEquals(78, said.code(), said.out());
    assertTrue(said.err().contains("45 s     30 s     TimeoutStopSec; 40 s"), said.err());
    assertTrue(said.err().contains("2 s      1 s      WatchdogSec"), said.err());
    assertFalse(Files.exists(units));
  }

  @Test
  void whatCanBeNoUnit_isRefusedInASentence() {
    assertRefused("is no jar of a role", "--role", "proxy");
    assertRefused("There is no role 'nobody'", "--role", "nobody");
    assertRefused("the role has no endpoint", "--role", "idle", "--socket", "http");
    assertRefused("are for one role", "--node", "--socket");
    assertRefused("are for one instance", "--role", "crew", "--timer", "daily");
    assertEquals(64, systemd("--user", "a b").code());
    assertEquals(64, systemd("--watchdog", "soon").code());
  }

  private void assertRefused(String because, String... words) {
    Said said = systemd(words);
    assertEquals(78, said.code(), said.out());
    assertTrue(said.err().contains(because), said.err());
  }

  @Test
  void units_withJson_comeWithTheirProofs() throws Exception {
    Said said = systemd("--role", "web", "--socket", "http", "--json");
    SchemaProcessTest.assertFits("systemd", said);
    Map<String, Object> answer = Json.read(said.out());
    Map<?, ?> units = (Map<?, ?>) answer.getOrDefault("units", Map.of());
    assertEquals(
        new TreeSet<>(List.of("web.service", "web.socket")), new TreeSet<>(units.keySet()));
    String service = String.valueOf(units.get("web.service"));
    assertTrue(service.contains("Environment=ROLEHOST_ENDPOINTS_HTTP_INHERIT=true\n"), service);
    assertTrue(service.contains("Environment=\"GREETING=hello you\"\n"), service);
    assertTrue(String.valueOf(units.get("web.socket")).contains("ListenStream=18080\n"));
    assertEquals("/var/lib/web", answer.get("stateDir"));
    assertFalse(((List<?>) answer.getOrDefault("proofs", List.of())).isEmpty());
  }

  @Test
  void doctor_ofAPod_readsItsVariables() throws IOException {
    Path pod =
        Files.writeString(
            folder.resolve("pod.yaml"),
            """
            kind: Pod
            metadata: { name: sweeper }
            spec:
              terminationGracePeriodSeconds: 60
              containers:
                - env: [ { name: ROLEHOST_STOP_GRACE, value: 50s } ]
                  readinessProbe: { httpGet: { path: /readyz }, periodSeconds: 1 }
                  livenessProbe:
                    { httpGet: { path: /livez }, initialDelaySeconds: 400, periodSeconds: 10 }
            """);
    Said said = Said.by("doctor", "--pod", pod.toString());
    assertEquals(0, said.code(), said.out());
    assertTrue(said.out().contains("ok    stop         55 s     60 s"), said.out());

    Said wrong = Said.by("doctor", "--pod", folder.resolve("solution.conf").toString());
    assertEquals(78, wrong.code(), wrong.out());
    assertEquals(64, Said.by("doctor", "--pod", "nowhere.yaml").code());
  }

  private Said systemd(String... words) {
    List<String> all =
        new ArrayList<>(List.of("systemd", folder.resolve("solution.conf").toString()));
    all.addAll(List.of(words));
    return Said.by(all.toArray(String[]::new));
  }
}
