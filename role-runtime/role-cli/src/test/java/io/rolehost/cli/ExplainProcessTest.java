package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.node.control.Json;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** One node, and one role for each way to come to harm. */
@EnabledOnOs(OS.LINUX) // sends signals by kill
class ExplainProcessTest {
  private static final String NEXT = "; next start in [0-9.]+ s .*";

  @TempDir private static Path folder = Path.of("");
  private static RunningNode node;
  private static ServerSocket taken;

  @BeforeAll
  static void startNode() throws Exception {
    taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    List<String> roles = new ArrayList<>();
    for (String harm : List.of("exit", "memory", "throw", "kill", "segv", "refuse", "silent")) {
      roles.add(role(harm, ""));
    }
    roles.add(role("hang", ", \"-Drolehost.start.timeout=2s\""));
    roles.add(role("config", ", \"-Drolehost.stop.grase=3s\", \"-Drolehost.run.on-return=no\""));
    Path startup =
        Files.writeString(
            folder.resolve("startup.conf"),
            "rolehost.start.tasks = [{ name = fetch, command = [sh, -c, \"exit 4\"] }]");
    roles.add(role("startup", ", \"-Dconfig.file=" + startup + "\""));
    roles.add(
        role(
            "port",
            ", \"-Drolehost.endpoints.http.port="
                + taken.getLocalPort()
                + "\", \"-Drolehost.endpoints.http.host=127.0.0.1\","
                + " \"-Drolehost.role.class=io.rolehost.cli.Injured$Web\""));
    roles.add("missing { command = [\"/no/such/program\"] }");
    roles.add("frozen { command = [sleep, \"600\"] }");
    Files.writeString(
        folder.resolve("solution.conf"),
        "roles {\n" + String.join("\n", roles) + "\n}\nrolehost { profile = azure }\n");
    Path state = Files.createDirectories(folder.resolve(".rolehost"));
    Files.writeString(
        state.resolve("freeze.conf"),
        "freezes = [{ scope = \"role:frozen\", reason = \"INC-7\", owner = anna }]");
    node = RunningNode.start(folder);
  }

  private static String role(String harm, String options) {
    return """
    %s {
      class-path = [%s]
      jvm-options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
        "-Drolehost.role.class=io.rolehost.cli.Injured" %s]
      env { HARM = %s }
      %s
    }
    """
        .formatted(
            harm,
            String.join(
                ",",
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(entry -> "\"" + entry + "\"")
                    .toList()),
            options,
            harm,
            // The first retry comes at a random moment within that: not while the test looks.
            switch (harm) {
              case "kill" -> "";
              case "silent" -> "unresponsive-after = 3s, back-off { initial = 20h, cap = 20h }";
              default -> "back-off { initial = 20h, cap = 20h }";
            });
  }

  @AfterAll
  static void endNode() throws IOException {
    node.close();
    taken.close();
  }

  private static String firstLine(String instance) {
    return node.verb("explain", instance).out().lines().findFirst().orElse("");
  }

  private static void assertFirstLine(String instance, String expression) {
    String line = firstLine(instance);
    assertTrue(Pattern.matches(expression, line), line);
  }

  private static void awaitEnd(String instance, int code) throws InterruptedException {
    var _ = node.await(0, instance + " ended with " + code + " ");
  }

  private static void signal(String name, String instance) throws Exception {
    var _ = node.await(0, instance + " ready ");
    long pid = node.child(instance).pid();
    assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor());
  }

  @Test
  void exit_calledByTheRole_isNamed() throws Exception {
    awaitEnd("exit_IN_0", 7);
    assertFirstLine(
        "exit_IN_0",
        "exit_IN_0 is waiting to retry: start #1 ended with 7"
            + " \\(the role called System.exit\\(7\\)\\) after [0-9.]+ s"
            + NEXT);
  }

  @Test
  void harm_ofEveryKind_isNamedInTheFirstLine() throws Exception {
    awaitEnd("throw_IN_0", 70);
    assertFirstLine("throw_IN_0", waiting("throw", 70, "the role failed: .*the disk is on fire.*"));
    awaitEnd("memory_IN_0", 82);
    assertFirstLine(
        "memory_IN_0",
        waiting("memory", 82, "out of memory: java.lang.OutOfMemoryError: as the test wants it"));
    awaitEnd("hang_IN_0", 81);
    assertFirstLine(
        "hang_IN_0", waiting("hang", 81, "hang: onStart ran past rolehost.start.timeout"));
    awaitEnd("startup_IN_0", 75);
    assertFirstLine("startup_IN_0", waiting("startup", 75, "start refused: .*fetch.*4.*"));
    awaitEnd("port_IN_0", 75);
    assertFirstLine(
        "port_IN_0",
        waiting("port", 75, "start refused: .*" + taken.getLocalPort() + ": the port is taken.*"));
    awaitEnd("config_IN_0", 78);
    assertFirstLine(
        "config_IN_0",
        "config_IN_0 is not ready: start #1 ended with 78 \\(configuration error: .*grase.*\\)"
            + " after [0-9.]+ s; it is not started again before somebody asks for it.*");
    var _ = node.await(0, "missing_IN_0 could not be started");
    assertFirstLine(
        "missing_IN_0",
        "missing_IN_0 is waiting to retry: start #[0-9]+ could not be made: .*/no/such/program.*");
    assertFirstLine("frozen_IN_0", "frozen_IN_0 is frozen: INC-7 by anna .*");
  }

  private static String waiting(String role, int code, String cause) {
    return role
        + "_IN_0 is waiting to retry: start #[0-9]+ ended with "
        + code
        + " \\("
        + cause
        + "\\) after [0-9.]+ s"
        + NEXT;
  }

  @Test
  void signals_fromOutside_areNamedAlsoWhenItIsUpAgain() throws Exception {
    int mark = node.mark();
    signal("KILL", "kill_IN_0");
    var _ = node.await(mark, "kill_IN_0 ended with 137 ");
    assertFirstLine(
        "kill_IN_0",
        "kill_IN_0 is .* start #1 ended with 137 \\(killed by SIGKILL from outside\\) .*");
    var _ = node.await(mark, "kill_IN_0 ready ");
    assertFirstLine(
        "kill_IN_0",
        "kill_IN_0 is ready; started because start #1 ended with 137 \\(killed by SIGKILL .*");

    signal("SEGV", "segv_IN_0");
    awaitEnd("segv_IN_0", 134);
    assertFirstLine(
        "segv_IN_0", "segv_IN_0 is .*start #1 ended with 134 \\(the JVM crashed: SIGSEGV .*\\) .*");
    Path incident = incident("segv_IN_0");
    assertTrue(Files.readString(incident.resolve("hs_err.txt")).contains("SIGSEGV"));
  }

  @Test
  void process_thatAnswersNothingAnyMore_isKilledAndThatIsNamed() throws Exception {
    signal("STOP", "silent_IN_0");
    awaitEnd("silent_IN_0", 137);
    assertFirstLine(
        "silent_IN_0",
        "silent_IN_0 is .*start #1 ended with 137 \\(killed, for it answered nothing for too"
            + " long\\) .*");
  }

  /** Waits for the folder that the last end of an instance names. */
  private static Path incident(String instance) throws Exception {
    List<?> ends = (List<?>) Objects.requireNonNull(node.instance(instance).get("ends"));
    String name = String.valueOf(((Map<?, ?>) ends.getFirst()).get("incident"));
    Path folder = ExplainProcessTest.folder.resolve(".rolehost/incidents").resolve(name);
    Path last = folder.resolve(instance.startsWith("segv") ? "hs_err.txt" : "events.jsonl");
    var found =
        CompletableFuture.runAsync(() -> {
          while (!Files.exists(last)) {
            Thread.onSpinWait();
          }
        });
    found.get(30, TimeUnit.SECONDS);
    return folder;
  }

  @Test
  void incident_ofEachEnd_hasExitFactsOutputAndEvents() throws Exception {
    awaitEnd("throw_IN_0", 70);
    Path incident = incident("throw_IN_0");

    Map<String, Object> exit = Json.read(Files.readString(incident.resolve("exit.json")));
    assertEquals("throw_IN_0.node", exit.get("instance"));
    assertEquals(70, exit.get("code"));
    assertEquals("RUN_FAILED", exit.get("reason"));
    Map<?, ?> facts = (Map<?, ?>) Objects.requireNonNull(exit.get("facts"));
    assertTrue(Files.isDirectory(Path.of(String.valueOf(facts.get("hostIncident")))), exit + "");
    assertTrue(Files.readString(incident.resolve("log.txt")).contains("the disk is on fire"));
    assertTrue(
        Files.readString(incident.resolve("fingerprint"))
            .contains("exit code 70, java.lang.IllegalStateException"));
    String events = Files.readString(incident.resolve("events.jsonl"));
    assertTrue(events.contains("\"type\":\"attempt-failed\""), events);
    for (String instance : List.of("exit_IN_0", "memory_IN_0", "hang_IN_0", "startup_IN_0")) {
      var _ = node.await(0, instance + " ended with ");
      assertTrue(Files.exists(incident(instance).resolve("exit.json")), instance);
    }
  }

  @Test
  void events_ofAnEnd_areOneAndHaveCauseCodeFingerprintAndNextTry() throws Exception {
    awaitEnd("exit_IN_0", 7);
    awaitEnd("config_IN_0", 78);
    List<Map<String, Object>> failed = events("exit_IN_0", "attempt-failed");
    assertEquals(1, failed.size(), failed.toString());
    Map<String, Object> event = failed.getFirst();
    assertEquals("BACKOFF", event.get("to"));
    assertEquals(7, event.get("code"));
    assertEquals("the role called System.exit(7)", event.get("why"));
    assertTrue(event.containsKey("next") && event.containsKey("fingerprint"), event.toString());
    assertEquals(1, events("config_IN_0", "gave-up").size());
    assertEquals(0, events("config_IN_0", "attempt-failed").size());
  }

  private static List<Map<String, Object>> events(String instance, String type) throws IOException {
    List<Map<String, Object>> found = new ArrayList<>();
    for (String line : node.verb("events", "--json").out().lines().toList()) {
      Map<String, Object> event = Json.read(line);
      if (instance.equals(event.get("instance")) && type.equals(event.get("type"))) {
        found.add(event);
      }
    }
    return found;
  }

  @Test
  void restart_ofOneThatFailed_startsItOnceAndSaysTheCount() throws Exception {
    awaitEnd("refuse_IN_0", 75);
    int mark = node.mark();
    assertEquals(
        "restarting refuse_IN_0; 1 unclean ends in a row are counted\n",
        node.verb("restart", "refuse_IN_0").out());
    var _ = node.await(mark, "refuse_IN_0 ended with 75 .*failure 2 in a row");
    String table = node.verb("explain", "refuse_IN_0").out();
    assertTrue(table.contains("the last 2 ends, newest first:"), table);
  }

  @Test
  void journals_whileTheNodeRuns_followAndLeadToWhereItIs() throws Exception {
    awaitEnd("config_IN_0", 78);
    awaitEnd("exit_IN_0", 7);
    Said said = node.verb("verify-journal");
    assertEquals(0, said.code(), said.toString());
    assertTrue(
        Pattern.compile("ok    exit_IN_0.node: .* steps, and the node is where they lead")
            .matcher(said.out())
            .find(),
        said.out());
    Path journal = folder.resolve(".rolehost/journal/config_IN_0.node.jsonl");
    String before = Files.readString(journal);
    Files.writeString(journal, before.replace("\"code\":78", "\"code\":70"));
    try {
      Said edited = node.verb("verify-journal");
      assertEquals(70, edited.code());
      assertTrue(
          Pattern.compile("FAIL  config_IN_0.node").matcher(edited.out()).find(), edited.out());
      assertTrue(edited.out().contains(journal + ":"), edited.out());
    } finally {
      Files.writeString(journal, before);
    }
  }
}
